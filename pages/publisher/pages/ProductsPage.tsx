import { Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getAllApiProductsOptions } from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiProductInfo } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { paths } from '../paths';
import { words } from '../words';

const w = words.products;

const COLUMNS: Column<ApiProductInfo>[] = [
  { name: w.name, cell: ({ id = '', displayName, name }) => <TextLink to={paths.product(id)}>{displayName || name}</TextLink> },
  { name: w.version, cell: ({ version }) => version },
  { name: w.context, cell: ({ context }) => <code>{context}</code> },
  { name: w.state, cell: ({ state }) => <StateBadge state={state} /> },
  { name: words.apis.provider, cell: ({ provider }) => provider },
  { name: words.apis.updated, cell: ({ updatedTime, createdTime }) => ago(updatedTime ?? createdTime), end: true },
];

export function ProductsPage() {
  const [search, setSearch] = useAddress<{ query?: string; offset?: number }>();
  const offset = search.offset ?? 0;
  const products = useQuery({
    ...getAllApiProductsOptions({ query: { limit: LIMIT, offset, query: search.query } }),
    placeholderData: keepPreviousData,
  });
  const add = (
    <LinkButton to={paths.productNew()} leftSection={<IconPlus size={17} />}>
      {w.add}
    </LinkButton>
  );
  const isFirst = !search.query && offset === 0 && products.data?.list?.length === 0;
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={isFirst ? null : add} />
      {isFirst ? null : (
        <Group mb="md">
          <SearchBox label={w.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
        </Group>
      )}
      <QueryView query={products}>
        {({ list = [], pagination }) => {
          if (isFirst) return <EmptyState title={w.emptyTitle} help={w.emptyHelp} action={add} />;
          if (list.length === 0) return <NothingMatches onClear={() => setSearch({ query: '', offset: 0 })} />;
          return (
            <>
              <ListTable label={w.title} columns={COLUMNS} rows={list} rowKey={({ id = '' }) => id} />
              <Pages
                offset={offset}
                limit={LIMIT}
                total={pagination?.total ?? list.length}
                onTurn={(next) => setSearch({ offset: next })}
              />
            </>
          );
        }}
      </QueryView>
    </>
  );
}

const LIMIT = 25;
