import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getIdentityProvidersOptions, getPeoplePolicyOptions, getRolesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteIdentityProvider } from '../../client/admin/sdk.gen';
import type { IdentityProvider } from '../../client/admin/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { IdentityProviderEdit } from '../forms/identity-provider-edit';
import { PeoplePolicyForm } from '../forms/people-policy';
import { useRefresh } from '../policies';
import { words } from '../words';

type Asked = { what: 'edit'; provider?: IdentityProvider } | { what: 'delete'; provider: IdentityProvider };

function columnsOf(ask: (asked: Asked) => void): Column<IdentityProvider>[] {
  return [
    { name: words.signIn.displayName, cell: ({ displayName }) => <strong>{displayName}</strong> },
    { name: words.signIn.issuer, cell: ({ issuer }) => issuer },
    { name: words.signIn.defaultRoles, cell: ({ defaultRoles }) => defaultRoles?.join(', ') || '–' },
    {
      name: words.signIn.actions,
      end: true,
      cell: (provider) => (
        <RowActions
          labels={{ edit: words.signIn.edit(provider.displayName), remove: words.signIn.remove(provider.displayName) }}
          onEdit={() => ask({ what: 'edit', provider })}
          onDelete={() => ask({ what: 'delete', provider })}
        />
      ),
    },
  ];
}

export function SignInPage() {
  const providers = useQuery(getIdentityProvidersOptions());
  const policy = useQuery(getPeoplePolicyOptions());
  const roles = useQuery(getRolesOptions());
  const [asked, ask] = useState<Asked>();
  const refresh = useRefresh();
  const close = () => ask(undefined);
  const names = roles.data?.list.map(({ name }) => name) ?? [];
  return (
    <>
      <PageHeader title={words.signIn.title} lead={words.signIn.lead} />
      <Panels>
        <Panel
          title={words.signIn.providers}
          help={words.signIn.providersHelp}
          actions={
            <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => ask({ what: 'edit' })}>
              {words.signIn.create}
            </Button>
          }
        >
          <QueryView query={providers}>
            {({ list }) =>
              list.length === 0 ? (
                <EmptyState title={words.signIn.emptyTitle} help={words.signIn.emptyHelp} />
              ) : (
                <ListTable label={words.signIn.providers} columns={columnsOf(ask)} rows={list} rowKey={({ id, name }) => id ?? name} />
              )
            }
          </QueryView>
        </Panel>
        <Panel title={words.signIn.people}>
          <QueryView query={policy}>{(chosen) => <PeoplePolicyForm policy={chosen} roles={names} />}</QueryView>
        </Panel>
      </Panels>
      {asked?.what === 'edit' ? <IdentityProviderEdit provider={asked.provider} roles={names} onClose={close} /> : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={words.signIn.deleteTitle(asked.provider.displayName)}
          body={words.signIn.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            deleteIdentityProvider({ path: { providerId: asked.provider.id ?? '' } })
              .then(refresh)
              .then(() => done(words.signIn.deleted(asked.provider.displayName)))
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}
