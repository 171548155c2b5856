import { Group, NativeSelect } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getAllApisOptions } from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { NothingMatches } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { NoApis } from '../home/no-apis';
import { paths } from '../paths';
import { words } from '../words';

interface Search extends Listed {
  state?: string;
  by?: 'apiName' | 'version' | 'createdTime' | 'status';
  order?: 'asc' | 'desc';
}

function Nothing({ search, onClear }: { search: Search; onClear: () => void }) {
  if (search.query || search.state) return <NothingMatches onClear={onClear} />;
  return <NoApis />;
}

function useApis(search: Search) {
  const { limit, offset } = useTurn();
  const query = [search.query, search.state ? `status:${search.state}` : ''].filter(Boolean).join(' ');
  return useQuery({
    ...getAllApisOptions({
      query: { limit, offset, query: query || undefined, sortBy: search.by, sortOrder: search.order },
    }),
    placeholderData: keepPreviousData,
  });
}

const COLUMNS: Column<ApiInfo>[] = [
  {
    name: words.apis.name,
    sortBy: 'apiName',
    cell: (api) => <TextLink to={paths.api(api.id ?? '')}>{api.displayName || api.name}</TextLink>,
  },
  { name: words.apis.version, sortBy: 'version', cell: (api) => api.version },
  { name: words.apis.context, cell: (api) => <code>{api.context}</code> },
  { name: words.apis.state, sortBy: 'status', cell: (api) => <StateBadge state={api.lifeCycleStatus} /> },
  { name: words.apis.provider, cell: (api) => api.provider },
  { name: words.apis.updated, sortBy: 'createdTime', cell: (api) => ago(api.updatedTime ?? api.createdTime), end: true },
];

export function ApisPage() {
  const [search, setSearch] = useAddress<Search>();
  const apis = useApis(search);
  const isFirstRun = apis.data?.count === 0 && !search.query && !search.state;
  return (
    <>
      <PageHeader
        title={words.apis.title}
        lead={words.apis.lead}
        actions={
          isFirstRun ? null : (
            <LinkButton to={paths.importApi()} leftSection={<IconUpload size={17} />}>
              {words.apis.import}
            </LinkButton>
          )
        }
      />
      {isFirstRun ? null : (
        <Group mb="md" gap="sm">
          <SearchBox label={words.apis.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
          <NativeSelect
            aria-label={words.apis.state_filter}
            data={STATES}
            value={search.state ?? ''}
            onChange={(event) => setSearch({ state: event.currentTarget.value, offset: 0 })}
            w={170}
          />
        </Group>
      )}
      <QueryView query={apis}>
        {(page) =>
          page.list.length === 0 ? (
            <Nothing search={search} onClear={() => setSearch({ query: '', state: '', offset: 0 })} />
          ) : (
            <>
              <ListTable
                label={words.apis.title}
                columns={COLUMNS}
                rows={page.list}
                rowKey={(api) => api.id ?? ''}
                sort={search}
                onSort={(sort) => setSearch({ by: sort.by as Search['by'], order: sort.order })}
              />
              <Pages total={page.pagination?.total ?? page.count} />
            </>
          )
        }
      </QueryView>
    </>
  );
}

const STATES = [{ value: '', label: words.apis.anyState }, ...Object.entries(kit.states).map(([value, label]) => ({ value, label }))];
