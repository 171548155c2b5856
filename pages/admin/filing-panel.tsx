import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEditing } from '../kit/editing';
import { type Column, ListTable } from '../kit/list-table';
import { Panel } from '../kit/page-parts';
import { QueryView } from '../kit/query-view';
import { type Filing, FilingEdit } from './forms/filing-edit';
import { useRefresh } from './policies';
import { words } from './words';

const w = words.filing;

interface FilingPanelProps<Row extends Filing> {
  title: string;
  create: string;
  nothing: string;
  query: UseQueryResult<{ list?: Row[] }, unknown>;
  /** Columns beside name and description. */
  more?: Column<Row>[];
  save: (row: Filing) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
}

/** Categories and labels alike: a list, and dialogs that change it. */
export function FilingPanel<Row extends Filing>({ title, create, nothing, query, more = [], save, remove }: FilingPanelProps<Row>) {
  const refresh = useRefresh();
  const editing = useEditing<Row>({
    form: (row, onClose) => <FilingEdit title={row ? w.edit(row.name) : create} filing={row} save={save} onClose={onClose} />,
    labels: ({ name }) => ({ edit: w.edit(name), remove: w.remove(name) }),
    removal: {
      title: ({ name }) => w.removeTitle(name),
      body: w.removeBody,
      run: ({ id = '' }) => remove(id).then(refresh),
      said: ({ name }) => w.removed(name),
    },
  });
  const columns: Column<Row>[] = [
    { name: w.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.description, cell: ({ description }) => description || '–' },
    ...more,
    { name: w.actions, end: true, cell: editing.actions },
  ];
  return (
    <Panel
      title={title}
      actions={
        <Button size="xs" leftSection={<IconPlus size={15} />} onClick={editing.create}>
          {create}
        </Button>
      }
    >
      <QueryView query={query}>
        {({ list = [] }) =>
          list.length === 0 ? (
            <Text c="dimmed">{nothing}</Text>
          ) : (
            <ListTable label={title} columns={columns} rows={list} rowKey={({ id, name }) => id ?? name} />
          )
        }
      </QueryView>
      {editing.dialogs}
    </Panel>
  );
}
