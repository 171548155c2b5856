import { Select, Text } from '@mantine/core';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { useAddress } from '../../kit/use-address';
import { Caller } from '../console/caller';
import type { Operation } from '../definition';
import { useApi, useOperations } from '../use-api';
import { words } from '../words';

export function ConsolePage() {
  const operations = useOperations();
  return <QueryView query={operations}>{(found) => <Console operations={found} />}</QueryView>;
}

function Console({ operations }: { operations: Operation[] }) {
  const api = useApi();
  const [search, setSearch] = useAddress<{ operation?: string }>();
  const first = operations.find(({ method, path }) => method === 'GET' && !path.includes('{')) ?? operations[0];
  const operation = operations.find(({ id }) => id === search.operation) ?? first;
  if (!operation) return <Text c="dimmed">{words.console.noOperation}</Text>;
  return (
    <>
      <Panel title={words.console.title} help={words.console.lead}>
        <Select
          label={words.console.operation}
          description={operation.summary || undefined}
          searchable
          limit={200}
          data={operations.map(({ id }) => id)}
          value={operation.id}
          onChange={(id) => setSearch({ operation: id ?? undefined })}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.88rem' } }}
        />
      </Panel>
      <Caller key={operation.id} api={api} operation={operation} />
    </>
  );
}
