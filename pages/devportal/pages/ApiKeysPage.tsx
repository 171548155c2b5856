import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getApiBoundApiKeysOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { dissociateApiKey, regenerateApiBoundApiKey, revokeApiBoundApiKey } from '../../client/devportal/sdk.gen';
import type { ApiapiKeyInfo } from '../../client/devportal/types.gen';
import { Confirm } from '../../kit/confirm';
import { ago, moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SecretView } from '../../kit/secret-view';
import { SignInGuard } from '../../kit/sign-in-guard';
import { done, refused } from '../../kit/toast';
import { ApiKeyAssociate } from '../forms/api-key-associate';
import { ApiKeyCreate } from '../forms/api-key-create';
import { useApiId, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.boundKeys;
const of = words.application;

type What = 'give' | 'renew' | 'revoke';

interface Asked {
  what: What;
  key: ApiapiKeyInfo;
}

/** One's API keys for one API: each opens it once it belongs to an application. */
export function ApiKeysPage() {
  return (
    <SignInGuard portal="devportal">
      <Keys />
    </SignInGuard>
  );
}

function Keys() {
  const apiId = useApiId();
  const refresh = useRefresh();
  const [asked, ask] = useState<Asked>();
  const [secret, setSecret] = useState('');
  const keys = useQuery(getApiBoundApiKeysOptions({ path: { apiId } }));
  const name = asked?.key.keyName ?? '';
  const call = { path: { apiId }, body: { keyUUID: asked?.key.keyUUID ?? '' } };
  const close = () => ask(undefined);
  async function renew() {
    setSecret((await regenerateApiBoundApiKey(call)).data.apikey ?? '');
    await refresh();
  }
  return (
    <Panels>
      <Panel title={of.apiKeys} help={w.help}>
        <ApiKeyCreate apiId={apiId} onMade={setSecret} />
        {secret ? <SecretView label={of.keyNew} secret={secret} /> : null}
        <QueryView query={keys}>
          {({ list }) =>
            list.length === 0 ? (
              <Text c="dimmed">{w.none}</Text>
            ) : (
              <ListTable label={of.apiKeys} columns={columnsOf(ask)} rows={list} rowKey={({ keyUUID = '' }) => keyUUID} />
            )
          }
        </QueryView>
      </Panel>
      {asked?.what === 'give' ? <ApiKeyAssociate apiId={apiId} apiKey={asked.key} onClose={close} /> : null}
      {asked?.what === 'renew' ? (
        <Confirm
          title={words.renewal.title(name)}
          body={words.renewal.body}
          action={words.renewal.renew}
          onConfirm={renew}
          onClose={close}
        />
      ) : null}
      {asked?.what === 'revoke' ? (
        <Confirm
          title={of.revokeTitle(name)}
          body={of.revokeBody}
          action={of.revoke}
          onConfirm={() =>
            revokeApiBoundApiKey(call)
              .then(refresh)
              .then(() => done(of.revoked(name)))
          }
          onClose={close}
        />
      ) : null}
    </Panels>
  );
}

function columnsOf(ask: (asked: Asked) => void): Column<ApiapiKeyInfo>[] {
  return [
    { name: of.keyName, cell: ({ keyName }) => <strong>{keyName}</strong> },
    { name: of.kind, cell: ({ keyType }) => (keyType === 'SANDBOX' ? of.sandbox : of.production) },
    { name: w.application, cell: ({ associatedApp }) => associatedApp ?? w.unassociated },
    { name: of.validity, cell: validityOf },
    { name: words.renewal.lastUsed, cell: ({ lastUsed }) => (lastUsed && lastUsed > 0 ? ago(lastUsed) : words.renewal.never) },
    { name: of.actions, end: true, cell: (key) => <Actions apiKey={key} ask={(what) => ask({ what, key })} /> },
  ];
}

function Actions({ apiKey, ask }: { apiKey: ApiapiKeyInfo; ask: (what: What) => void }) {
  const name = apiKey.keyName ?? '';
  return (
    <Group gap={4} justify="flex-end">
      {apiKey.associatedApp ? (
        <TakeButton apiKey={apiKey} />
      ) : (
        <Button size="xs" aria-label={w.giveOf(name)} onClick={() => ask('give')}>
          {w.give}
        </Button>
      )}
      <Button size="xs" variant="default" aria-label={words.renewal.renewOf(name)} onClick={() => ask('renew')}>
        {words.renewal.renew}
      </Button>
      <Button size="xs" variant="subtle" color="red" aria-label={of.revokeOf(name)} onClick={() => ask('revoke')}>
        {of.revoke}
      </Button>
    </Group>
  );
}

/** Takes a key from its application; it can be given again. */
function TakeButton({ apiKey: { keyName = '', keyUUID = '', associatedApp = '' } }: { apiKey: ApiapiKeyInfo }) {
  const apiId = useApiId();
  const refresh = useRefresh();
  const taken = useMutation({
    mutationFn: () => dissociateApiKey({ path: { apiId }, body: { keyUUID } }),
    onSuccess: () => refresh().then(() => done(w.taken(keyName, associatedApp))),
    onError: refused,
  });
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={w.takeOf(keyName, associatedApp)}
      loading={taken.isPending}
      onClick={() => taken.mutate()}
    >
      {w.take}
    </Button>
  );
}

function validityOf({ issuedOn = 0, validityPeriod }: ApiapiKeyInfo): string {
  return validityPeriod === undefined || validityPeriod < 0 ? of.forever : of.until(moment(issuedOn + validityPeriod * 1000));
}
