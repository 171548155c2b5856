import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import { CopyButton } from '../../kit/copy-button';
import { curlOf } from '../../kit/curl';
import { Panel } from '../../kit/page-parts';
import { useSession } from '../../kit/session';
import { quickAccess, takesKey, takesToken } from '../access';
import { addressOf, call, headersOf, missingOf, startOf } from '../call';
import { CodeSamples } from '../code-samples';
import { type CredentialKind, credentialHeader } from '../credential';
import type { Operation } from '../definition';
import { baseOf, useAccess, useKeepAccess, useRefresh } from '../use-api';
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
  const refresh = useRefresh();
  const session = useSession();
  const secret = access?.kind === kind ? access.secret : '';
  const [values, setValues] = useState(() => startOf(operation));
  const missing = missingOf(operation, values);
  const url = addressOf(baseOf(api), operation, values);
  const headersWith = (shown: string) => [...headersOf(operation, values), ...credentialHeader(api, kind, shown)];
  const body = operation.body ? values.body : undefined;
  const canGet = session?.signedIn === true && kind === kindOf(api) && kind !== 'none' && secret === '' && isOpen(api);
  const sent = useMutation({
    mutationFn: async () => {
      const shown = canGet ? await obtain() : secret;
      return call(operation.method, url, headersWith(shown), body);
    },
  });
  async function obtain() {
    const made = await quickAccess(api);
    keep(made);
    await refresh();
    return made.secret;
  }
  const shownCall = { method: operation.method, url, headers: headersWith(secret), body };
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
                {canGet ? words.console.getAndSend : words.console.send}
              </Button>
              <CopyButton wide label={words.console.copyCurl} value={curlOf(shownCall)} />
              {missing ? (
                <Text size="sm" c="dimmed">
                  {words.console.needed(missing.name)}
                </Text>
              ) : null}
            </Group>
            {canGet ? (
              <Text size="sm" c="dimmed">
                {words.console.getHelp}
              </Text>
            ) : null}
            <details className={classes.headers}>
              <summary>{words.samples.title}</summary>
              <CodeSamples call={shownCall} label={words.samples.title} />
            </details>
          </Stack>
        </form>
      </Panel>
      <AnswerView api={api} answer={sent.data} error={sent.error} isPending={sent.isPending} />
    </div>
  );
}

function kindOf(api: Api): CredentialKind {
  if (takesKey(api)) return 'key';
  return takesToken(api) ? 'token' : 'none';
}

/** Whether anybody may still subscribe. */
function isOpen(api: Api): boolean {
  return api.isSubscriptionAvailable !== false || !api.tiers?.length;
}
