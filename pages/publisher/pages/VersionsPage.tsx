import { Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllApisOptions, getApiOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { getApi, updateApi } from '../../client/publisher/sdk.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { Badge, StateBadge } from '../../kit/badges';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { VersionCreate } from '../forms/version-create';
import { paths } from '../paths';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.versions;

export function VersionsPage() {
  const api = useApi();
  const [isCreating, setIsCreating] = useState(false);
  const versions = useQuery({
    ...getAllApisOptions({ query: { query: `name:"${api.name}"`, limit: MOST } }),
    // The search finds names that begin alike.
    select: ({ list }) => list.filter(({ name }) => name === api.name),
  });
  const defaults = useQueries({
    queries: (versions.data ?? []).map(({ id = '' }) => getApiOptions({ path: { apiId: id } })),
    combine: (found) => new Set(found.flatMap(({ data }) => (data?.isDefaultVersion ? [data.id] : []))),
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
        {(list) => <ListTable label={w.title} columns={columnsOf(api.id ?? '', defaults)} rows={list} rowKey={({ id }) => id ?? ''} />}
      </QueryView>
      {isCreating ? <VersionCreate api={api} onClose={() => setIsCreating(false)} /> : null}
    </>
  );
}

function columnsOf(here: string, defaults: Set<string | undefined>): Column<ApiInfo>[] {
  return [
    {
      name: w.version,
      cell: ({ id = '', version }) => (
        <Group gap={8}>
          <TextLink to={paths.versions(id)}>{version}</TextLink>
          {id === here ? (
            <Text span size="sm" c="dimmed">
              {w.here}
            </Text>
          ) : null}
        </Group>
      ),
    },
    { name: w.state, cell: ({ lifeCycleStatus }) => <StateBadge state={lifeCycleStatus} /> },
    { name: w.default_, cell: ({ id }) => (defaults.has(id) ? <Badge tone="good" label={w.isDefault} /> : '–') },
    { name: w.actions, end: true, cell: (row) => (defaults.has(row.id) ? null : <MakeDefault version={row} />) },
  ];
}

function MakeDefault({ version }: { version: ApiInfo }) {
  const refresh = useRefresh();
  const name = version.version ?? '';
  const made = useMutation({
    mutationFn: async () => {
      const path = { apiId: version.id ?? '' };
      const { data } = await getApi({ path });
      return updateApi({ path, body: { ...data, isDefaultVersion: true } });
    },
    onSuccess: () => refresh().then(() => done(w.madeDefault(name))),
    onError: refused,
  });
  return (
    <Button size="xs" variant="default" aria-label={w.makeDefaultOf(name)} loading={made.isPending} onClick={() => made.mutate()}>
      {w.makeDefault}
    </Button>
  );
}

/** Versions of one API; nobody keeps more at once. */
const MOST = 100;
