import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getClientRegistrationPolicyOptions, getInitialAccessTokensOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteInitialAccessToken } from '../../client/admin/sdk.gen';
import type { InitialAccessToken } from '../../client/admin/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { InitialTokenCreate } from '../forms/initial-token-create';
import { RegistrationPolicyForm } from '../forms/registration-policy';
import { useRefresh } from '../policies';
import { words } from '../words';

function columnsOf(revoke: (token: InitialAccessToken) => void): Column<InitialAccessToken>[] {
  return [
    { name: words.registration.label, cell: ({ label }) => <strong>{label}</strong> },
    { name: words.registration.createdBy, cell: ({ createdBy }) => createdBy },
    { name: words.registration.expires, cell: ({ expiryTime }) => moment(new Date(expiryTime).toISOString()) },
    { name: words.registration.left, cell: ({ usesLeft }) => usesLeft },
    {
      name: words.registration.actions,
      end: true,
      cell: (token) => (
        <Button size="xs" variant="default" aria-label={words.registration.revokeOf(token.label)} onClick={() => revoke(token)}>
          {words.registration.revoke}
        </Button>
      ),
    },
  ];
}

export function RegistrationPage() {
  const policy = useQuery(getClientRegistrationPolicyOptions());
  const tokens = useQuery(getInitialAccessTokensOptions());
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<InitialAccessToken>();
  const refresh = useRefresh();
  return (
    <>
      <PageHeader title={words.registration.title} lead={words.registration.lead} />
      <Panels>
        <Panel title={words.registration.policy}>
          <QueryView query={policy}>{(chosen) => <RegistrationPolicyForm policy={chosen} />}</QueryView>
        </Panel>
        <Panel
          title={words.registration.tokens}
          help={words.registration.tokensHelp}
          actions={
            <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setIsCreating(true)}>
              {words.registration.create}
            </Button>
          }
        >
          <QueryView query={tokens}>
            {({ list }) =>
              list.length === 0 ? (
                <EmptyState title={words.registration.emptyTitle} help={words.registration.emptyHelp} />
              ) : (
                <ListTable label={words.registration.tokens} columns={columnsOf(setRevoked)} rows={list} rowKey={({ id }) => id} />
              )
            }
          </QueryView>
        </Panel>
      </Panels>
      {isCreating ? <InitialTokenCreate onClose={() => setIsCreating(false)} /> : null}
      {revoked ? (
        <Confirm
          title={words.registration.revokeOf(revoked.label)}
          body={words.registration.revokeBody}
          action={words.registration.revoke}
          onConfirm={() =>
            deleteInitialAccessToken({ path: { tokenId: revoked.id } })
              .then(refresh)
              .then(() => done(words.registration.revoked(revoked.label)))
          }
          onClose={() => setRevoked(undefined)}
        />
      ) : null}
    </>
  );
}
