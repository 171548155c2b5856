import { Group } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState, NothingMatches } from './empty-state';
import { type Column, ListTable, Pages } from './list-table';
import type { Listed } from './listed';
import { PageHeader } from './page-parts';
import { QueryView } from './query-view';
import { SearchBox } from './search-box';
import { useAddress } from './use-address';

interface ListPageProps<Row> {
  title: string;
  lead: string;
  /** What adds a row; it moves into the empty state while there is none. */
  add: ReactNode;
  empty: { title: string; help: string };
  /** What the search field is called; absent: the server does not search this list. */
  search?: string;
  query: UseQueryResult<{ list?: Row[]; pagination?: { total?: number } }, unknown>;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
}

/** A page that is one list, which the server searches and cuts. */
export function ListPage<Row>({ title, lead, add, empty, search, query, columns, rowKey }: ListPageProps<Row>) {
  const [held, setHeld] = useAddress<Listed>();
  const isFirst = !held.query && !held.offset && query.data?.list?.length === 0;
  return (
    <>
      <PageHeader title={title} lead={lead} actions={isFirst ? null : add} />
      {isFirst || !search ? null : (
        <Group mb="md">
          <SearchBox label={search} value={held.query ?? ''} onSearch={(words) => setHeld({ query: words, offset: 0 })} />
        </Group>
      )}
      <QueryView query={query}>
        {({ list = [], pagination }) => {
          if (isFirst) return <EmptyState title={empty.title} help={empty.help} action={add} />;
          if (list.length === 0) return <NothingMatches onClear={() => setHeld({ query: '', offset: 0 })} />;
          return (
            <>
              <ListTable label={title} columns={columns} rows={list} rowKey={rowKey} />
              <Pages total={pagination?.total ?? list.length} />
            </>
          );
        }}
      </QueryView>
    </>
  );
}
