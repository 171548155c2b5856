import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import { CopyButton } from '../../kit/copy-button';
import { Panel } from '../../kit/page-parts';
import { takesKey, takesToken } from '../access';
import { addressOf, call, headersOf, missingOf, startOf } from '../call';
import { type CredentialKind, credentialHeader } from '../credential';
import { curlOf } from '../curl';
import type { Operation } from '../definition';
import { baseOf, useAccess, useKeepAccess } from '../use-api';
import { words } from '../words';
import { AnswerView } from './answer-view';
import classes from './console.module.css';
import { CredentialFields } from './credential-fields';
import { ParameterFields } from './parameter-fields';

/** One operation: what is sent on the one side, what came back on the other. */
export function Caller({ api, operation }: { api: Api; operation: Operation }) {
  const access = useAccess(api.id ?? '');
  const [kind, setKind] = useState<CredentialKind>(access?.kind ?? kindOf(api));
  const keep = useKeepAccess(api.id ?? '');
  const secret = access?.kind === kind ? access.secret : '';
  const [values, setValues] = useState(() => startOf(operation));
  const missing = missingOf(operation, values);
  const url = addressOf(baseOf(api), operation, values);
  const headers = [...headersOf(operation, values), ...credentialHeader(api, kind, secret)];
  const body = operation.body ? values.body : undefined;
  const sent = useMutation({ mutationFn: () => call(operation.method, url, headers, body) });
  function send(event: FormEvent) {
    event.preventDefault();
    if (!missing) sent.mutate();
  }
  return (
    <div className={classes.split}>
      <Panel title={words.console.request}>
        <form onSubmit={send}>
          <Stack gap="lg">
            <CredentialFields
              api={api}
              kind={kind}
              secret={secret}
              application={access?.application ?? ''}
              onKind={setKind}
              onSecret={(typed) => kind !== 'none' && keep({ kind, secret: typed, application: '', plan: '' })}
            />
            <ParameterFields
              parameters={operation.parameters}
              values={values.parameters}
              onChange={(key, value) => setValues((old) => ({ ...old, parameters: { ...old.parameters, [key]: value } }))}
            />
            {operation.body ? (
              <Textarea
                label={`${words.console.body} (${operation.body.type})`}
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
                {words.console.send}
              </Button>
              <CopyButton wide label={words.console.copyCurl} value={curlOf({ method: operation.method, url, headers, body })} />
              {missing ? (
                <Text size="sm" c="dimmed">
                  {words.console.needed(missing.name)}
                </Text>
              ) : null}
            </Group>
          </Stack>
        </form>
      </Panel>
      <AnswerView answer={sent.data} isFailed={sent.isError} isPending={sent.isPending} />
    </div>
  );
}

function kindOf(api: Api): CredentialKind {
  if (takesKey(api)) return 'key';
  return takesToken(api) ? 'token' : 'none';
}
