import { Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { moment } from '../format';
import { type Column, ListTable } from '../list-table';
import { Facts } from '../page-parts';
import { QueryView } from '../query-view';
import { words as kit } from '../words';
import type { Entry, EntrySource } from './source';
import { subjectWithId, useNames } from './subject';
import { words as w } from './words';

type Change = NonNullable<Entry['changes']>[number];

const COLUMNS: Column<Change>[] = [
  { name: w.place, cell: ({ place }) => <code>{place}</code> },
  { name: w.before, cell: ({ before }) => <Value value={before} /> },
  { name: w.after, cell: ({ after }) => <Value value={after} /> },
];

/** One entry: who, when, from where if its reader may know, and each place that differs. */
export function EntryDialog({ id, source, onClose }: { id: number; source: EntrySource; onClose: () => void }) {
  const entry = useQuery({ queryKey: [...source.key, id], queryFn: () => source.entry(id) });
  const names = useNames(source, entry.data ? [entry.data] : []);
  return (
    <Modal opened size="xl" onClose={onClose} title={<Text fw={600}>{w.entry(id)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <QueryView query={entry}>
        {(found) => (
          <Stack gap="lg">
            <Facts
              facts={[
                [w.when, moment(found.time)],
                [w.actor, found.actor || w.client],
                [w.action, <code key="action">{found.action}</code>],
                [w.subject, subjectWithId(found, names)],
                ...(source.tellsAddresses ? originOf(found) : []),
              ]}
            />
            {found.changes?.length ? (
              <ListTable label={w.details} columns={COLUMNS} rows={found.changes} rowKey={({ place }) => place ?? ''} />
            ) : (
              <Text c="dimmed">{w.unchanged}</Text>
            )}
          </Stack>
        )}
      </QueryView>
    </Modal>
  );
}

function originOf({ address, userAgent, seal }: Entry): [string, ReactNode][] {
  return [
    [w.address, address || '–'],
    [w.userAgent, userAgent || '–'],
    [w.seal, <code key="seal">{seal || '–'}</code>],
  ];
}

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null || value === '') return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <code>{text.length > 400 ? `${text.slice(0, 400)}…` : text}</code>;
}
