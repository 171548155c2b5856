import { Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getAuditEntryOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { AuditEntry } from '../../client/admin/types.gen';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Facts } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { words as kit } from '../../kit/words';
import { words } from '../words';
import { subjectOf } from './subject';

const w = words.audit;
type Change = NonNullable<AuditEntry['changes']>[number];

const COLUMNS: Column<Change>[] = [
  { name: w.place, cell: ({ place }) => <code>{place}</code> },
  { name: w.before, cell: ({ before }) => <Value value={before} /> },
  { name: w.after, cell: ({ after }) => <Value value={after} /> },
];

/** One entry: who, when, from where, and each place that differs. */
export function EntryDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const entry = useQuery(getAuditEntryOptions({ path: { entryId: String(id) } }));
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
                [w.subject, subjectOf(found)],
                [w.address, found.address || '–'],
                [w.userAgent, found.userAgent || '–'],
                [w.seal, <code key="seal">{found.seal || '–'}</code>],
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

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null || value === '') return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <code>{text.length > 400 ? `${text.slice(0, 400)}…` : text}</code>;
}
