import { Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getUsage } from '../../client/analytics/sdk.gen';
import type { UsageRow } from '../../client/analytics/types.gen';
import { MethodBadge } from '../../kit/badges';
import { count, percent } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { type Range, rangeOf, spanOf, TimeRange } from '../../kit/time-range';
import { UsageFigures, UsageTimeline } from '../../kit/usage-view';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { ApiHeading } from '../api-heading';
import { useApiId } from '../use-api';
import { words } from '../words';

/** Everything that the page shows, asked for at one moment so that its parts agree. */
function useStatistics(apiId: string, range: Range) {
  return useQuery({
    queryKey: ['statistics', apiId, range],
    queryFn: async () => {
      const { granularity, ...span } = spanOf(range, Date.now());
      const query = { apiId, ...span };
      const [total, timeline, operations, applications] = await Promise.all([
        getUsage({ query }),
        getUsage({ query: { ...query, granularity } }),
        getUsage({ query: { ...query, groupBy: 'operation' } }),
        getUsage({ query: { ...query, groupBy: 'application' } }),
      ]);
      return {
        total: total.data.list[0],
        timeline: timeline.data.list,
        operations: operations.data.list,
        applications: applications.data.list,
      };
    },
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });
}

const FIGURES: Column<UsageRow>[] = [
  { name: kit.usage.requests, cell: (row) => count(row.requests), end: true },
  { name: kit.usage.errorRate, cell: (row) => percent(row.errors ?? 0, row.requests), end: true },
  { name: kit.usage.throttled, cell: (row) => count(row.throttled ?? 0), end: true },
  { name: kit.usage.p50, cell: (row) => latency(row.latency?.p50), end: true },
  { name: kit.usage.p95, cell: (row) => latency(row.latency?.p95), end: true },
  { name: kit.usage.p99, cell: (row) => latency(row.latency?.p99), end: true },
];

const OPERATIONS: Column<UsageRow>[] = [
  {
    name: words.statistics.operation,
    cell: (row) =>
      row.template ? (
        <Group gap="sm" wrap="nowrap">
          <MethodBadge method={row.method} /> <code>{row.template}</code>
        </Group>
      ) : (
        words.statistics.unmatched
      ),
  },
  ...FIGURES,
];

const APPLICATIONS: Column<UsageRow>[] = [
  { name: words.statistics.application, cell: (row) => row.applicationName || words.statistics.anonymous },
  ...FIGURES,
];

export function StatisticsPage() {
  const apiId = useApiId();
  const [search, setSearch] = useAddress<{ range?: Range }>();
  const range = rangeOf(search.range);
  const statistics = useStatistics(apiId, range);
  return (
    <>
      <ApiHeading
        title={words.statistics.title}
        lead={words.statistics.lead}
        actions={<TimeRange value={range} onChange={(next) => setSearch({ range: next })} />}
      />
      <QueryView query={statistics}>
        {(found) => (
          <Panels>
            <UsageFigures total={found.total} />
            <UsageTimeline rows={found.timeline} range={range} />
            <Panel title={words.statistics.byOperation}>
              <Grouped label={words.statistics.byOperation} columns={OPERATIONS} rows={found.operations} />
            </Panel>
            <Panel title={words.statistics.byApplication}>
              <Grouped label={words.statistics.byApplication} columns={APPLICATIONS} rows={found.applications} />
            </Panel>
          </Panels>
        )}
      </QueryView>
    </>
  );
}

function Grouped({ label, columns, rows }: { label: string; columns: Column<UsageRow>[]; rows: UsageRow[] }) {
  if (rows.length === 0) return <Text c="dimmed">{kit.usage.nothing}</Text>;
  return (
    <ListTable
      label={label}
      columns={columns}
      rows={[...rows].sort((one, other) => other.requests - one.requests)}
      rowKey={(row) => `${row.method} ${row.template} ${row.applicationId}`}
    />
  );
}

function latency(value: number | undefined): string {
  return value === undefined ? '–' : kit.usage.milliseconds(Math.round(value));
}
