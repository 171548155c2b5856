import type { UsageRow } from '../../client/analytics/types.gen';
import { percent } from '../format';
import { Panels } from '../page-parts';
import { QueryView } from '../query-view';
import { withSilence } from '../time-range';
import { COUNTS, throttled, useUsage } from './ask';
import { AskedBars } from './bars';
import type { ViewProps } from './dashboard';
import { agentOf, apiOf, applicationOf, countryOf, keyTypeOf, operationOf, planOf } from './names';
import { OverTime } from './over-time';
import { isByDay } from './times';
import { words } from './words';

/** Who met which limit, and when. */
export function Throttling({ scope, range }: ViewProps) {
  const timeline = useUsage(scope, range, { ...COUNTS, overTime: true });
  return (
    <>
      <QueryView query={timeline}>
        {({ list }) => (
          <OverTime
            label={words.throttling.overTime}
            points={withSilence(list, range, Date.now()).map((row) => ({ at: row.at, throttled: throttled(row) }))}
            lines={[{ key: 'throttled', name: words.view.throttling }]}
            byDay={isByDay(range)}
          />
        )}
      </QueryView>
      <AskedBars
        title={words.throttling.who}
        help={words.throttling.help}
        of={words.requests}
        figure={throttled}
        name={applicationOf}
        note={{ name: words.throttling.limit, cell: (row) => row.limit || words.unknown }}
        scope={scope}
        range={range}
        wish={{ ...COUNTS, groupBy: 'application,limit', errorType: 'THROTTLED', orderBy: 'throttled', top: 25 }}
        bad
      />
    </>
  );
}

/** Which applications call, by which plans and keys. */
export function Usage({ scope, range }: ViewProps) {
  const bars = { of: words.requests, scope, range };
  const plan = { name: words.plan, cell: planOf };
  return (
    <>
      <AskedBars
        {...bars}
        title={words.usage.byApplication}
        name={applicationOf}
        note={plan}
        wish={{ ...COUNTS, groupBy: 'application,plan', top: 25 }}
      />
      <Panels halves>
        <AskedBars {...bars} title={words.usage.byPlan} name={planOf} wish={{ ...COUNTS, groupBy: 'plan' }} />
        <AskedBars {...bars} title={words.usage.byKeyType} name={keyTypeOf} wish={{ ...COUNTS, groupBy: 'keyType' }} />
      </Panels>
    </>
  );
}

/** From where, and by which programs. */
export function Clients({ scope, range }: ViewProps) {
  const bars = { of: words.requests, scope, range };
  return (
    <Panels halves>
      <AskedBars
        {...bars}
        title={words.clients.countries}
        help={words.clients.countriesHelp}
        name={countryOf}
        wish={{ ...COUNTS, groupBy: 'country', top: 25 }}
      />
      <AskedBars {...bars} title={words.clients.agents} name={agentOf} wish={{ ...COUNTS, groupBy: 'agent', top: 25 }} />
    </Panels>
  );
}

/** How much the cache spares upstreams. */
export function Cache({ scope, range }: ViewProps) {
  const timeline = useUsage(scope, range, { ...COUNTS, overTime: true });
  const hits = (row: { cacheHits?: number }) => row.cacheHits ?? 0;
  const rate = (row: UsageRow) => percent(hits(row), hits(row) + (row.cacheMisses ?? 0));
  return (
    <>
      <QueryView query={timeline}>
        {({ list }) => (
          <OverTime
            label={words.cache.rate}
            help={words.cache.help}
            points={withSilence(list, range, Date.now()).map((row) => ({ at: row.at, hits: hits(row), misses: row.cacheMisses ?? 0 }))}
            lines={[
              { key: 'hits', name: words.cache.hits },
              { key: 'misses', name: words.cache.misses },
            ]}
            byDay={isByDay(range)}
          />
        )}
      </QueryView>
      <AskedBars
        title={scope.apiId ? words.traffic.byOperation : words.cache.byApi}
        of={words.cache.hits}
        figure={hits}
        name={scope.apiId ? operationOf : apiOf}
        note={{ name: words.share, cell: rate }}
        scope={scope}
        range={range}
        wish={{ ...COUNTS, groupBy: scope.apiId ? 'operation' : 'api', top: 25 }}
      />
    </>
  );
}
