import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { testToken } from '../../client/admin/sdk.gen';
import type { TokenTest as Verdict } from '../../client/admin/types.gen';
import { CodeBlock } from '../../kit/code-block';
import { Coded } from '../../kit/coded';
import { moment } from '../../kit/format';
import { Facts, Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { words } from '../words';

const w = words.tokenTest;

/** Which key manager stands for a token, and why not. The platform decides it, and keeps nothing of it. */
export function TokenTest() {
  const [token, setToken] = useState('');
  const tested = useMutation({ mutationFn: async (text: string) => (await testToken({ body: { token: text } })).data });
  function test(event: FormEvent) {
    event.preventDefault();
    if (token.trim() !== '') tested.mutate(token.trim());
  }
  return (
    <Panel title={w.title} help={w.help}>
      <form onSubmit={test}>
        <Stack gap="sm">
          <Textarea
            label={w.token}
            rows={4}
            maxLength={8192}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem', wordBreak: 'break-all' } }}
          />
          <Group>
            <Button type="submit" loading={tested.isPending} disabled={token.trim() === ''}>
              {w.test}
            </Button>
          </Group>
        </Stack>
      </form>
      <div aria-live="polite">
        {tested.isError ? <ProblemView thrown={tested.error} /> : null}
        {tested.data ? <Said verdict={tested.data} /> : null}
      </div>
    </Panel>
  );
}

function Said({ verdict }: { verdict: Verdict }) {
  const { valid, reason, keyManager, claims } = verdict;
  return (
    <Stack gap="md" mt="md">
      <Alert color={valid ? 'patina' : 'ochre'} radius="md" title={valid ? w.valid(keyManager?.name ?? '') : w.invalid}>
        {reason ? <Coded text={sentence(reason)} /> : null}
        {valid && !verdict.application ? <Text size="sm">{w.noApplication}</Text> : null}
      </Alert>
      <Facts facts={factsOf(verdict)} />
      {Object.keys(claims).length > 0 ? (
        <div>
          <Text size="sm" fw={560} mb={6}>
            {valid ? w.claims : w.unbelieved}
          </Text>
          <CodeBlock text={JSON.stringify(claims, null, 2)} label={w.claims} wrap />
        </div>
      ) : null}
    </Stack>
  );
}

function factsOf({ keyManager, application, goodAt, keyId, opaque, claims }: Verdict): [string, ReactNode][] {
  const ends = typeof claims.exp === 'number' ? moment(claims.exp * 1000) : '–';
  return [
    [w.keyManager, keyManager?.name ?? w.nobody],
    [w.goodAt, goodAt.map((place) => w.places[place]).join(', ') || '–'],
    [w.application, application?.name ?? '–'],
    [w.kind, opaque ? w.opaque : w.signed],
    [w.keyId, keyId ? <code key="key">{keyId}</code> : '–'],
    [w.ends, ends],
  ];
}

/** Reasons start in lower case by house rule; a page shows them as sentences. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
