import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Column, ListTable } from './list-table';
import { type Difference, differencesOf, mergeOf } from './merge';
import type { Conflict } from './request';
import { words } from './words';

/** Two people have changed one thing: what differs, and whose value counts. */
export default function MergeDialog({ conflict, onSettled }: { conflict: Conflict; onSettled: (merged: unknown) => void }) {
  const differences = differencesOf(conflict);
  const [mine, setMine] = useState(() => differences.filter(({ changedBy }) => changedBy !== 'them').map(({ path }) => path));
  const columns: Column<Difference>[] = [
    { name: words.merge.field, cell: ({ path }) => <code>{path}</code> },
    { name: words.merge.mine, cell: (row) => <Value value={row.mine} /> },
    { name: words.merge.theirs, cell: (row) => <Value value={row.theirs} /> },
    {
      name: words.merge.keep,
      cell: ({ path }) => (
        <SegmentedControl
          size="xs"
          aria-label={words.merge.keepOf(path)}
          data={[
            { value: 'mine', label: words.merge.mine },
            { value: 'theirs', label: words.merge.theirs },
          ]}
          value={mine.includes(path) ? 'mine' : 'theirs'}
          onChange={(whose) => setMine((old) => (whose === 'mine' ? [...old, path] : old.filter((kept) => kept !== path)))}
        />
      ),
    },
  ];
  return (
    <Modal
      opened
      size="xl"
      onClose={() => onSettled(undefined)}
      title={<Text fw={600}>{words.merge.title}</Text>}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack gap="md">
        <Text size="sm">{words.merge.help}</Text>
        <ListTable label={words.merge.title} columns={columns} rows={differences} rowKey={({ path }) => path} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => onSettled(undefined)}>
            {words.cancel}
          </Button>
          <Button onClick={() => onSettled(mergeOf(conflict, mine))}>{words.merge.save}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Value({ value }: { value: unknown }) {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <Text component="code" size="sm" style={{ wordBreak: 'break-word' }}>
      {text.length > 200 ? `${text.slice(0, 200)}…` : text}
    </Text>
  );
}
