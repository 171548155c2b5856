import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllApisOptions } from '../../client/admin/@tanstack/react-query.gen';
import { providerNamePost } from '../../client/admin/sdk.gen';
import type { SearchResultList } from '../../client/admin/types.gen';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { OwnerChange } from '../forms/owner-change';
import { words } from '../words';

const w = words.owned;
type Api = NonNullable<SearchResultList['apis']>[number];

function columnsOf(give: (api: Api) => void): Column<Api>[] {
  return [
    { name: w.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.version, cell: ({ version }) => version },
    { name: w.owner, cell: ({ provider }) => provider },
    {
      name: w.actions,
      end: true,
      cell: (api) => (
        <Button size="xs" variant="default" aria-label={w.changeOf(`${api.name} ${api.version}`)} onClick={() => give(api)}>
          {w.change}
        </Button>
      ),
    },
  ];
}

export function ApisPage() {
  const [search, setSearch] = useAddress<Listed>();
  const [given, give] = useState<Api>();
  const turn = useTurn();
  const apis = useQuery({
    ...getAllApisOptions({ query: turn }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader title={w.apis} lead={w.apisLead} />
      <div style={{ marginBlockEnd: '1rem' }}>
        <SearchBox label={w.searchApis} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
      </div>
      <QueryView query={apis}>
        {({ apis: list = [], pagination }) =>
          list.length === 0 ? (
            search.query ? (
              <NothingMatches onClear={() => setSearch({ query: '', offset: 0 })} />
            ) : (
              <EmptyState title={w.noApis} help={w.noApisHelp} />
            )
          ) : (
            <>
              <ListTable label={w.apis} columns={columnsOf(give)} rows={list} rowKey={({ id }) => id ?? ''} />
              <Pages total={pagination?.total ?? list.length} />
            </>
          )
        }
      </QueryView>
      {given ? (
        <OwnerChange
          name={`${given.name} ${given.version}`}
          owner={given.provider ?? ''}
          run={(provider) => providerNamePost({ path: { apiId: given.id ?? '' }, query: { provider } })}
          onClose={() => give(undefined)}
        />
      ) : null}
    </>
  );
}
