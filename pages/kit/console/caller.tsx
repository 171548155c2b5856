import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { CopyButton } from '../copy-button';
import { curlOf } from '../curl';
import { Panel } from '../page-parts';
import { AnswerView } from './answer-view';
import { type Answer, addressOf, call, headersOf, missingOf, startOf } from './call';
import { CodeSamples } from './code-samples';
import classes from './console.module.css';
import type { Operation } from './definition';
import { ParameterFields } from './parameter-fields';
import { words } from './words';

type Headers = [string, string][];

interface CallerProps {
  operation: Operation;
  /** Where the API is, without the operation's path. */
  base: string;
  /** What the call shows to the gateway, as far as it is there. */
  credential: Headers;
  /** Gets what is missing before the call; absent: nothing is. */
  obtain?: { run: () => Promise<Headers>; action: string; help: string };
  /** The fields of the credential. */
  children: ReactNode;
  statistics?: string;
}

/** One operation: what is sent on the one side, what came back on the other. */
export function Caller({ operation, base, credential, obtain, children, statistics }: CallerProps) {
  const [values, setValues] = useState(() => startOf(operation));
  const missing = missingOf(operation, values);
  const url = addressOf(base, operation, values);
  const body = operation.body ? values.body : undefined;
  const headersWith = (shown: Headers) => [...headersOf(operation, values), ...shown];
  const stop = useRef<AbortController>(null);
  const [heard, hear] = useState<Answer>();
  const sent = useMutation({
    mutationFn: async () => {
      const headers = headersWith(obtain ? await obtain.run() : credential);
      stop.current = new AbortController();
      return call({ method: operation.method, url, headers, body }, { signal: stop.current.signal, onPart: hear });
    },
    onMutate: () => hear(undefined),
    onSuccess: hear,
  });
  // Who leaves the page does not hear the rest.
  useEffect(() => () => stop.current?.abort(), []);
  const shownCall = { method: operation.method, url, headers: headersWith(credential), body };
  function send(event: FormEvent) {
    event.preventDefault();
    if (!missing) sent.mutate();
  }
  return (
    <div className={classes.split}>
      <Panel title={words.request}>
        <form onSubmit={send}>
          <Stack gap="lg">
            {children}
            <ParameterFields
              parameters={operation.parameters}
              values={values.parameters}
              onChange={(key, value) => setValues((old) => ({ ...old, parameters: { ...old.parameters, [key]: value } }))}
            />
            {operation.body ? (
              <Textarea
                label={`${words.body} (${operation.body.type})`}
                rows={Math.min(16, values.body.split('\n').length + 1)}
                spellCheck={false}
                value={values.body}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  setValues((old) => ({ ...old, body: text }));
                }}
                styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem' } }}
              />
            ) : null}
            <div className={classes.address}>
              <strong>{operation.method}</strong> {url}
            </div>
            <Group gap="sm">
              <Button
                type="submit"
                size="md"
                leftSection={<IconSend size={17} />}
                loading={sent.isPending}
                disabled={missing !== undefined}
              >
                {obtain?.action ?? words.send}
              </Button>
              {sent.isPending ? (
                <Button variant="default" onClick={() => stop.current?.abort()}>
                  {words.stop}
                </Button>
              ) : null}
              <CopyButton wide label={words.copyCurl} value={curlOf(shownCall)} />
              {missing ? (
                <Text size="sm" c="dimmed">
                  {words.needed(missing.name)}
                </Text>
              ) : null}
            </Group>
            {obtain ? (
              <Text size="sm" c="dimmed">
                {obtain.help}
              </Text>
            ) : null}
            <details className={classes.headers}>
              <summary>{words.samples.title}</summary>
              <CodeSamples call={shownCall} label={words.samples.title} />
            </details>
          </Stack>
        </form>
      </Panel>
      <AnswerView answer={heard} error={sent.error} isPending={sent.isPending} statistics={statistics} />
    </div>
  );
}
