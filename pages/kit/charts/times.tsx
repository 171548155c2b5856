import type { UsageRow } from '../../client/analytics/types.gen';
import { count, percent } from '../format';
import { Panels } from '../page-parts';
import { QueryView } from '../query-view';
import { withSilence } from '../time-range';
import { UsageFigures, UsageTimeline } from '../usage-view';
import { words as kit } from '../words';
import { COUNTS, ERRORS, errors, useUsage } from './ask';
import { AskedBars } from './bars';
import type { ViewProps } from './dashboard';
import { apiOf, applicationOf, causeOf, classOf, operationOf } from './names';
import { OverTime } from './over-time';
import { words } from './words';

/** The figures at one glance, and where they come from. */
export function Overview({ scope, range }: ViewProps) {
  const total = useUsage(scope, range, { compare: 'previous' });
  const timeline = useUsage(scope, range, { overTime: true });
  return (
    <>
      <QueryView query={total}>
        {({ total: figures, previousTotal, quality }) => (
          <>
            <UsageFigures total={figures} before={previousTotal} />
            {quality.sampleInterval > 1 ? <p>{words.sampled(count(Math.round(quality.sampleInterval)))}</p> : null}
          </>
        )}
      </QueryView>
      <QueryView query={timeline}>{({ list }) => <UsageTimeline rows={list} range={range} />}</QueryView>
      <Where scope={scope} range={range} />
    </>
  );
}

/** How much comes, and for what. */
export function Traffic({ scope, range }: ViewProps) {
  const timeline = useUsage(scope, range, { ...COUNTS, overTime: true });
  return (
    <>
      <QueryView query={timeline}>
        {({ list }) => (
          <>
            <UsageTimeline rows={list} range={range} />
            <Data rows={list} range={range} />
          </>
        )}
      </QueryView>
      <Panels halves>
        <Where scope={scope} range={range} />
        <AskedBars
          title={words.traffic.byClass}
          of={words.requests}
          name={classOf}
          scope={scope}
          range={range}
          wish={{ ...COUNTS, groupBy: 'statusClass' }}
        />
      </Panels>
    </>
  );
}

/** Bytes both ways, in the unit that the most of them wants. */
function Data({ rows, range }: { rows: UsageRow[]; range: ViewProps['range'] }) {
  const most = Math.max(0, ...rows.flatMap(({ requestBytes = 0, responseBytes = 0 }) => [requestBytes, responseBytes]));
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, most)) / 10));
  const inUnit = (bytes = 0) => bytes / 1024 ** power;
  return (
    <OverTime
      label={words.traffic.bytes}
      help={UNITS[power]}
      points={withSilence(rows, range, Date.now()).map(({ at, requestBytes, responseBytes }) => ({
        at,
        received: inUnit(requestBytes),
        sent: inUnit(responseBytes),
      }))}
      lines={[
        { key: 'received', name: words.received },
        { key: 'sent', name: words.sent },
      ]}
      byDay={isByDay(range)}
    />
  );
}

/** What goes wrong, why, where and for whom. */
export function Errors({ scope, range }: ViewProps) {
  const timeline = useUsage(scope, range, { ...COUNTS, overTime: true });
  const rate = { name: kit.usage.errorRate, cell: (row: UsageRow) => percent(errors(row), row.requests) };
  const bars = { of: words.errorsOf, figure: errors, scope, range, bad: true };
  return (
    <>
      <QueryView query={timeline}>
        {({ list }) => (
          <OverTime
            label={words.errors.overTime}
            points={withSilence(list, range, Date.now()).map((row) => ({
              at: row.at,
              AUTH: row.authFailures ?? 0,
              THROTTLED: row.throttled ?? 0,
              TARGET_CONNECTIVITY: row.upstreamFailures ?? 0,
              OTHER: errors(row) - (row.authFailures ?? 0) - (row.throttled ?? 0) - (row.upstreamFailures ?? 0),
            }))}
            lines={['AUTH', 'THROTTLED', 'TARGET_CONNECTIVITY', 'OTHER'].map((key) => ({ key, name: words.errors.kinds[key] ?? key }))}
            byDay={isByDay(range)}
          />
        )}
      </QueryView>
      <AskedBars
        {...bars}
        title={words.errors.causes}
        help={words.errors.causesHelp}
        name={causeOf}
        wish={{ ...COUNTS, groupBy: 'error,status', statusClass: ERRORS, orderBy: 'errors' }}
      />
      <Panels halves>
        <AskedBars
          {...bars}
          title={words.errors.where}
          name={scope.apiId ? operationOf : apiOf}
          note={rate}
          wish={{ ...COUNTS, groupBy: scope.apiId ? 'operation' : 'api', orderBy: 'errors' }}
        />
        <AskedBars
          {...bars}
          title={words.errors.who}
          name={applicationOf}
          note={rate}
          wish={{ ...COUNTS, groupBy: 'application', orderBy: 'errors' }}
        />
      </Panels>
    </>
  );
}

/** How long calls take, and how much of it is the upstream's. */
export function Latency({ scope, range }: ViewProps) {
  const timeline = useUsage(scope, range, { overTime: true });
  const lines = (['p50', 'p95', 'p99'] as const).map((key) => ({ key, name: kit.usage[key] }));
  const upstream = { name: words.latency.ofUpstream, cell: (row: UsageRow) => milliseconds(row.upstreamLatency?.p95) };
  return (
    <>
      <QueryView query={timeline}>
        {({ list }) => (
          <Panels halves>
            {(['latency', 'upstreamLatency'] as const).map((part) => (
              <OverTime
                key={part}
                label={part === 'latency' ? words.latency.gateway : words.latency.upstream}
                help={words.latency.help}
                points={list.map((row) => ({ at: row.at, p50: row[part]?.p50, p95: row[part]?.p95, p99: row[part]?.p99 }))}
                lines={lines}
                byDay={isByDay(range)}
              />
            ))}
          </Panels>
        )}
      </QueryView>
      <AskedBars
        title={words.latency.slowest}
        of={`${words.latency.whole}, ms`}
        figure={(row) => Math.round(row.latency?.p95 ?? 0)}
        note={upstream}
        name={scope.apiId ? operationOf : apiOf}
        scope={scope}
        range={range}
        wish={{ groupBy: scope.apiId ? 'operation' : 'api', orderBy: 'latency' }}
      />
    </>
  );
}

/** The operations of one API, or the APIs. */
function Where({ scope, range }: ViewProps) {
  return scope.apiId ? (
    <AskedBars
      title={words.traffic.byOperation}
      of={words.requests}
      name={operationOf}
      scope={scope}
      range={range}
      wish={{ ...COUNTS, groupBy: 'operation' }}
    />
  ) : (
    <AskedBars
      title={words.traffic.byApi}
      of={words.requests}
      name={apiOf}
      scope={scope}
      range={range}
      wish={{ ...COUNTS, groupBy: 'api' }}
    />
  );
}

export function isByDay(range: ViewProps['range']): boolean {
  return range === 'week' || range === 'month';
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : kit.usage.milliseconds(Math.round(value));
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
