import { Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge, StateBadge } from '../../kit/badges';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { VersionCreate } from '../forms/version-create';
import { partsOf } from '../paths';
import { useSubject, useSubjectPlace } from '../subject';
import type { Version } from '../subject-calls';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.versions;

export function VersionsPage() {
  const { kind, id: here, calls } = useSubjectPlace();
  const { name } = useSubject();
  const [isCreating, setIsCreating] = useState(false);
  const versions = useQuery({
    queryKey: [kind, 'versions', name],
    queryFn: () => calls.versions(name),
    // The search finds names that begin alike.
    select: (list) => list.filter((one) => one.name === name),
  });
  const defaults = useQueries({
    queries: (versions.data ?? []).map(({ id }) => ({
      queryKey: [kind, id, 'is-default'],
      queryFn: async () => ((await calls.isDefault(id)) ? id : ''),
    })),
    combine: (found) => new Set(found.flatMap(({ data }) => (data ? [data] : []))),
  });
  return (
    <>
      <ApiHeading
        title={w.title}
        lead={w.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={() => setIsCreating(true)}>
            {w.create}
          </Button>
        }
      />
      <QueryView query={versions}>
        {(list) => <ListTable label={w.title} columns={columnsOf(kind, here, defaults)} rows={list} rowKey={({ id }) => id} />}
      </QueryView>
      {isCreating ? <VersionCreate onClose={() => setIsCreating(false)} /> : null}
    </>
  );
}

function columnsOf(kind: 'api' | 'product', here: string, defaults: Set<string>): Column<Version>[] {
  return [
    {
      name: w.version,
      cell: ({ id, version }) => (
        <Group gap={8}>
          <TextLink to={partsOf(kind, id).versions}>{version}</TextLink>
          {id === here ? (
            <Text span size="sm" c="dimmed">
              {w.here}
            </Text>
          ) : null}
        </Group>
      ),
    },
    { name: w.state, cell: ({ state }) => <StateBadge state={state} /> },
    { name: w.default_, cell: ({ id }) => (defaults.has(id) ? <Badge tone="good" label={w.isDefault} /> : '–') },
    { name: w.actions, end: true, cell: (row) => (defaults.has(row.id) ? null : <MakeDefault version={row} />) },
  ];
}

function MakeDefault({ version: { id, version: name } }: { version: Version }) {
  const { calls } = useSubjectPlace();
  const refresh = useRefresh();
  const made = useMutation({
    mutationFn: () => calls.makeDefault(id),
    onSuccess: () => refresh().then(() => done(w.madeDefault(name))),
    onError: refused,
  });
  return (
    <Button size="xs" variant="default" aria-label={w.makeDefaultOf(name)} loading={made.isPending} onClick={() => made.mutate()}>
      {w.makeDefault}
    </Button>
  );
}
