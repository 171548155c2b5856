import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { systemScopesGetOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { Scope } from '../../client/admin/types.gen';
import { NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { RightsCheck } from '../forms/rights-check';
import { ScopeEdit } from '../forms/scope-edit';
import { words } from '../words';

const w = words.rights;

function columnsOf(edit: (scope: Scope) => void): Column<Scope>[] {
  return [
    { name: w.scope, cell: ({ name }) => <code>{name}</code> },
    { name: w.roles, cell: ({ roles }) => roles.join(', ') || '–' },
    {
      name: w.actions,
      end: true,
      cell: (scope) => (
        <Button size="xs" variant="default" aria-label={w.edit(scope.name)} onClick={() => edit(scope)}>
          {kit.edit}
        </Button>
      ),
    },
  ];
}

export function RightsPage() {
  const [search, setSearch] = useAddress<{ query?: string }>();
  const scopes = useQuery(systemScopesGetOptions());
  const [edited, edit] = useState<Scope>();
  const wanted = (search.query ?? '').toLowerCase();
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} />
      <Panels>
        <RightsCheck scopes={(scopes.data?.list ?? []).map(({ name }) => name)} />
        <SearchBox label={kit.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query })} />
        <QueryView query={scopes}>
          {({ list }) => {
            const shown = list.filter((scope) => `${scope.name} ${scope.description} ${scope.roles}`.toLowerCase().includes(wanted));
            if (shown.length === 0) return <NothingMatches onClear={() => setSearch({ query: '' })} />;
            return <ListTable label={w.title} columns={columnsOf(edit)} rows={shown} rowKey={({ name }) => name} />;
          }}
        </QueryView>
      </Panels>
      {edited ? <ScopeEdit scope={edited} onClose={() => edit(undefined)} /> : null}
    </>
  );
}
