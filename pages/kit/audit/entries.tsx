import { Button, Group, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState, NothingMatches } from '../empty-state';
import { moment } from '../format';
import { type Column, ListTable } from '../list-table';
import { QueryView } from '../query-view';
import { SearchBox } from '../search-box';
import { useAddress } from '../use-address';
import { EntryDialog } from './entry-dialog';
import { asked, type Entry, type EntrySource, type Search } from './source';
import { type Names, subjectOf, useNames } from './subject';
import { words as w } from './words';

/** Who changed what, the newest first, narrowed and turned by the address; each entry opens with what was before and after. */
export function Entries({ label, source }: { label: string; source: EntrySource }) {
  const [search, setSearch] = useAddress<Search>();
  const [opened, open] = useState<number>();
  const { before, ...filters } = search;
  const query = { ...asked(filters), limit: LIMIT, before: Number(before) || undefined };
  const entries = useQuery({
    queryKey: [...source.key, query],
    queryFn: () => source.list(query),
    placeholderData: keepPreviousData,
  });
  const names = useNames(source, entries.data?.list ?? []);
  const clear = () => setSearch({ actor: '', action: '', subject: '', from: '', to: '', before: '' });
  return (
    <>
      <Filters search={search} onChange={(change) => setSearch({ ...change, before: '' })} />
      <QueryView query={entries}>
        {({ list = [], pagination }) =>
          list.length === 0 ? (
            <Nothing isFiltered={Object.keys(asked(search)).length > 0} onClear={clear} />
          ) : (
            <div>
              <ListTable label={label} columns={columnsOf(source, names, open)} rows={list} rowKey={({ id }) => String(id)} />
              <Turns
                isFirst={!before}
                isLast={!pagination?.next}
                onNewest={() => setSearch({ before: '' })}
                onOlder={() => setSearch({ before: String(list.at(-1)?.id ?? '') })}
              />
            </div>
          )
        }
      </QueryView>
      {opened === undefined ? null : <EntryDialog id={opened} source={source} onClose={() => open(undefined)} />}
    </>
  );
}

function columnsOf({ tellsAddresses }: EntrySource, names: Names, open: (id?: number) => void): Column<Entry>[] {
  const address: Column<Entry> = { name: w.address, cell: (entry) => entry.address || '–' };
  return [
    { name: w.when, cell: ({ time }) => moment(time) },
    { name: w.actor, cell: ({ actor }) => actor || w.client },
    { name: w.action, cell: ({ action }) => <code>{action}</code> },
    { name: w.subject, cell: (entry) => subjectOf(entry, names) },
    ...(tellsAddresses ? [address] : []),
    {
      name: w.details,
      end: true,
      cell: ({ id }) => (
        <Button size="xs" variant="default" aria-label={w.detailsOf(id ?? 0)} onClick={() => open(id)}>
          {w.details}
        </Button>
      ),
    },
  ];
}

interface TurnsProps {
  isFirst: boolean;
  isLast: boolean;
  onNewest: () => void;
  onOlder: () => void;
}

function Turns({ isFirst, isLast, onNewest, onOlder }: TurnsProps) {
  if (isFirst && isLast) return null;
  return (
    <Group mt="md" gap="sm" justify="flex-end">
      <Button variant="default" size="xs" disabled={isFirst} onClick={onNewest}>
        {w.newest}
      </Button>
      <Button variant="default" size="xs" disabled={isLast} onClick={onOlder}>
        {w.older}
      </Button>
    </Group>
  );
}

function Filters({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  return (
    <Group gap="sm" align="end">
      <SearchBox label={w.actor} value={search.actor ?? ''} onSearch={(actor) => onChange({ actor })} />
      <SearchBox label={w.action} value={search.action ?? ''} onSearch={(action) => onChange({ action })} />
      <SearchBox label={w.subject} value={search.subject ?? ''} onSearch={(subject) => onChange({ subject })} />
      <Day label={w.from} value={search.from} onChange={(from) => onChange({ from })} />
      <Day label={w.to} value={search.to} onChange={(to) => onChange({ to })} />
    </Group>
  );
}

function Day({ label, value, onChange }: { label: string; value?: string; onChange: (day: string) => void }) {
  return <TextInput type="date" label={label} value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value)} w={160} />;
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? <NothingMatches onClear={onClear} /> : <EmptyState title={w.emptyTitle} help={w.emptyHelp} />;
}

const LIMIT = 50;
