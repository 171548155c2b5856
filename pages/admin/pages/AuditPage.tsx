import { Button, Group, TextInput } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAuditLogOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { AuditEntry } from '../../client/admin/types.gen';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { ChainCheck } from '../audit/chain-check';
import { EntryDialog } from '../audit/entry-dialog';
import { subjectOf } from '../audit/subject';
import { words } from '../words';

const w = words.audit;

interface Search {
  actor?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
  before?: string;
}

function columnsOf(open: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  return [
    { name: w.when, cell: ({ time }) => moment(time) },
    { name: w.actor, cell: ({ actor }) => actor || w.client },
    { name: w.action, cell: ({ action }) => <code>{action}</code> },
    { name: w.subject, cell: subjectOf },
    { name: w.address, cell: ({ address }) => address || '–' },
    {
      name: w.details,
      end: true,
      cell: (entry) => (
        <Button size="xs" variant="default" aria-label={w.detailsOf(entry.id ?? 0)} onClick={() => open(entry)}>
          {w.details}
        </Button>
      ),
    },
  ];
}

export function AuditPage() {
  const [search, setSearch] = useAddress<Search>();
  const [opened, open] = useState<number>();
  const { before, ...filters } = search;
  const query = { ...named(filters), limit: LIMIT, before: Number(before) || undefined };
  const entries = useQuery({ ...getAuditLogOptions({ query }), placeholderData: keepPreviousData });
  const clear = () => setSearch({ actor: '', action: '', subject: '', from: '', to: '', before: '' });
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={<Exports filters={filters} />} />
      <Panels>
        <ChainCheck />
        <Filters search={search} onChange={(change) => setSearch({ ...change, before: '' })} />
        <QueryView query={entries}>
          {({ list = [], pagination }) =>
            list.length === 0 ? (
              <Nothing isFiltered={Object.keys(named(search)).length > 0} onClear={clear} />
            ) : (
              <div>
                <ListTable label={w.title} columns={columnsOf(({ id }) => open(id))} rows={list} rowKey={({ id }) => String(id)} />
                <Group mt="md" gap="sm" justify="flex-end">
                  <Button variant="default" size="xs" disabled={!before} onClick={() => setSearch({ before: '' })}>
                    {w.newest}
                  </Button>
                  <Button
                    variant="default"
                    size="xs"
                    disabled={!pagination?.next}
                    onClick={() => setSearch({ before: String(list.at(-1)?.id ?? '') })}
                  >
                    {w.older}
                  </Button>
                </Group>
              </div>
            )
          }
        </QueryView>
      </Panels>
      {opened === undefined ? null : <EntryDialog id={opened} onClose={() => open(undefined)} />}
    </>
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

function Exports({ filters }: { filters: Search }) {
  const address = (format: string) => `/api/am/admin/v4/audit-log/export?${new URLSearchParams({ ...named(filters), format })}`;
  return (
    <>
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={address(format)}
          download={`audit-log.${format}`}
          variant="default"
          leftSection={<IconFileExport size={17} />}
        >
          {w[format]}
        </Button>
      ))}
    </>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? <NothingMatches onClear={onClear} /> : <EmptyState title={w.emptyTitle} help={w.emptyHelp} />;
}

/** What is asked for; the end of a day is the beginning of the next one. */
function named({ to, ...filters }: Search): Record<string, string> {
  const end = to ? new Date(Date.parse(to) + DAY).toISOString() : undefined;
  return Object.fromEntries(Object.entries({ ...filters, to: end }).filter(([, value]) => value)) as Record<string, string>;
}

const LIMIT = 50;
const DAY = 86_400_000;
