import { Select, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../page-parts';
import { useAddress } from '../use-address';
import type { Operation } from './definition';
import { words } from './words';

interface OperationPickerProps {
  title?: string;
  help: string;
  operations: Operation[];
  children: (operation: Operation) => ReactNode;
}

/** Which operation is called; the address holds it, and the first that needs no value is where one starts. */
export function OperationPicker({ title, help, operations, children }: OperationPickerProps) {
  const [search, setSearch] = useAddress<{ operation?: string }>();
  const first = operations.find(({ method, path }) => method === 'GET' && !path.includes('{')) ?? operations[0];
  const operation = operations.find(({ id }) => id === search.operation) ?? first;
  if (!operation) return <Text c="dimmed">{words.noOperation}</Text>;
  return (
    <>
      <Panel title={title} help={help}>
        <Select
          label={words.operation}
          description={operation.summary || undefined}
          searchable
          limit={200}
          data={operations.map(({ id }) => id)}
          value={operation.id}
          onChange={(id) => setSearch({ operation: id ?? undefined })}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.88rem' } }}
        />
      </Panel>
      {children(operation)}
    </>
  );
}
