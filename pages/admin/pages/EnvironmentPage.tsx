import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { getEnvironmentOptions, getEnvironmentsByEnvironmentIdGatewaysOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { Environment, GatewayInstance } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { Coded } from '../../kit/coded';
import { EmptyState } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { Facts, PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { paths } from '../paths';
import { words } from '../words';

const w = words.gateways;

/** An environment: where it is, and what its gateways hold of what they should. */
export function EnvironmentPage() {
  const path = useParams({ strict: false }) as { environmentId: string };
  const environment = useQuery(getEnvironmentOptions({ path }));
  return <QueryView query={environment}>{(found) => <Found environment={found} />}</QueryView>;
}

function Found({ environment }: { environment: Environment }) {
  const { id = '', name, displayName, description, vhosts, type = '' } = environment;
  const gateways = useQuery({
    ...getEnvironmentsByEnvironmentIdGatewaysOptions({ path: { environmentId: id } }),
    refetchInterval: AGAIN_MS,
  });
  return (
    <>
      <PageHeader
        title={displayName || name}
        lead={description}
        above={<TextLink to={paths.environments()}>{words.environments.title}</TextLink>}
      />
      <Panels>
        <Panel>
          <Facts
            facts={[
              [words.places.name, <code key="name">{name}</code>],
              [words.places.type, words.places.types[type] ?? (type || '–')],
              [words.places.hosts, vhosts.map(({ host }) => host).join(', ')],
              [w.version, gateways.data?.catalogVersion ?? '–'],
            ]}
          />
        </Panel>
        <Panel title={w.title} help={w.help}>
          <QueryView query={gateways}>
            {({ list, catalogVersion }) =>
              list.length === 0 ? (
                <EmptyState title={w.emptyTitle} help={w.emptyHelp} />
              ) : (
                <ListTable label={w.title} columns={columnsOf(catalogVersion)} rows={list} rowKey={({ gatewayId }) => gatewayId} />
              )
            }
          </QueryView>
        </Panel>
      </Panels>
    </>
  );
}

function columnsOf(wanted: number): Column<GatewayInstance>[] {
  return [
    { name: w.gateway, cell: ({ gatewayId }) => <strong>{gatewayId}</strong> },
    { name: w.state, cell: (gateway) => <State gateway={gateway} /> },
    {
      name: w.configuration,
      cell: ({ catalogVersion, oldestCatalogVersion }) => w.versions(oldestCatalogVersion, catalogVersion, wanted),
    },
    { name: w.release, cell: ({ releases }) => releases.join(', ') || '–' },
    { name: w.isolates, cell: ({ isolates }) => isolates, end: true },
    { name: w.heard, cell: ({ lastActive }) => ago(lastActive), end: true },
  ];
}

/** How far a gateway is, and what it could not take up. */
function State({ gateway: { status, syncState, failures } }: { gateway: GatewayInstance }) {
  if (status === 'EXPIRED') return <Badge tone="cool" label={w.silent} />;
  const tone = syncState === 'IN_SYNC' ? 'good' : syncState === 'BEHIND' ? 'warm' : 'bad';
  return (
    <Stack gap={4} align="start">
      <Badge tone={tone} label={w.states[syncState]} />
      {failures.map(({ name, reason }) => (
        <Text key={name} size="xs" c="var(--mantine-color-error)">
          <Coded text={w.failed(name, reason)} />
        </Text>
      ))}
    </Stack>
  );
}

/** Gateways tell within seconds what they have taken up. */
const AGAIN_MS = 5_000;
