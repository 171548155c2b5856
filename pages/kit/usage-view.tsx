import { Button, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { UsageFigures as Figures, UsageRow } from '../client/analytics/types.gen';
import { change, count, moment, percent } from './format';
import { type Column, ListTable } from './list-table';
import { Panel } from './page-parts';
import { type Range, withSilence } from './time-range';
import classes from './usage.module.css';
import { words } from './words';

const UsageChart = lazy(() => import('./usage-chart'));

/** The figures of a time range at one glance. */
export function UsageFigures({ total, before }: { total: Figures | undefined; before?: Figures }) {
  const requests = total?.requests ?? 0;
  const errors = total?.errors ?? 0;
  return (
    <dl className={classes.figures} aria-label={words.usage.requests}>
      <Figure name={words.usage.requests} value={count(requests)} change={before && change(requests, before.requests)} />
      <Figure name={words.usage.errors} value={count(errors)} />
      <Figure name={words.usage.errorRate} value={percent(errors, requests)} />
      <Figure name={words.usage.throttled} value={count(total?.throttled ?? 0)} />
      <Figure name={words.usage.p50} value={rounded(total?.latency?.p50)} unit="ms" />
      <Figure name={words.usage.p95} value={rounded(total?.latency?.p95)} unit="ms" />
      <Figure name={words.usage.p99} value={rounded(total?.latency?.p99)} unit="ms" />
    </dl>
  );
}

function Figure({ name, value, unit, change }: { name: string; value: string; unit?: string; change?: string }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>
        {value}
        {unit && value !== '–' ? <small> {unit}</small> : null}
        {change ? <small title={words.usage.before}> {change}</small> : null}
      </dd>
    </div>
  );
}

/** Calls over time as a picture, or as a table for those whom a picture does not serve. */
export function UsageTimeline({ rows, range }: { rows: UsageRow[]; range: Range }) {
  const [asTable, setAsTable] = useState(false);
  const hasCalls = rows.some((row) => row.requests > 0);
  return (
    <Panel
      title={words.usage.chart}
      help={words.usage.live}
      actions={
        <Button variant="default" size="xs" onClick={() => setAsTable(!asTable)}>
          {asTable ? words.usage.picture : words.usage.table}
        </Button>
      }
    >
      {hasCalls ? null : (
        <Text c="dimmed" py="xl" ta="center">
          {words.usage.nothing}
        </Text>
      )}
      {hasCalls && asTable ? <ListTable label={words.usage.chart} columns={COLUMNS} rows={rows} rowKey={(row) => row.at ?? ''} /> : null}
      {hasCalls && !asTable ? (
        <Suspense fallback={<Skeleton h={280} />}>
          <UsageChart rows={withSilence(rows, range, Date.now())} range={range} />
        </Suspense>
      ) : null}
    </Panel>
  );
}

function rounded(value: number | undefined): string {
  return value === undefined ? '–' : count(Math.round(value));
}

const COLUMNS: Column<UsageRow>[] = [
  { name: words.usage.time, cell: (row) => moment(row.at) },
  { name: words.usage.requests, cell: (row) => count(row.requests), end: true },
  { name: words.usage.errors, cell: (row) => count(row.errors ?? 0), end: true },
  { name: words.usage.throttled, cell: (row) => count(row.throttled ?? 0), end: true },
  { name: words.usage.p95, cell: (row) => rounded(row.latency?.p95), end: true },
];
