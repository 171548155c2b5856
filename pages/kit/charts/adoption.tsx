import { useQuery } from '@tanstack/react-query';
import { getAdoption } from '../../client/analytics/sdk.gen';
import { count, percent } from '../format';
import { Panel } from '../page-parts';
import { QueryView } from '../query-view';
import { spanOf } from '../time-range';
import classes from './charts.module.css';
import type { ViewProps } from './dashboard';
import { OverTime } from './over-time';
import { words } from './words';

/** How far people come with APIs, and how applications and subscriptions grow. */
export function Adoption({ scope, range }: ViewProps) {
  const adoption = useQuery({
    queryKey: ['adoption', scope.apiId, range],
    queryFn: async () => {
      const { from, to } = spanOf(range, Date.now());
      return (await getAdoption({ query: { from, to, apiId: scope.apiId } })).data;
    },
  });
  return (
    <QueryView query={adoption}>
      {({ funnel, list }) => (
        <>
          <Panel title={words.adoption.funnel} help={words.adoption.funnelHelp}>
            <Funnel steps={[funnel.viewed, funnel.subscribed, funnel.called]} />
          </Panel>
          <OverTime
            label={words.adoption.growth}
            help={words.adoption.growthHelp}
            points={list.map(({ at, applications, subscriptions }) => ({ at, applications, subscriptions }))}
            lines={[
              ...(scope.apiId ? [] : [{ key: 'applications', name: words.adoption.applications }]),
              { key: 'subscriptions', name: words.adoption.subscriptions },
            ]}
            byDay
          />
        </>
      )}
    </QueryView>
  );
}

function Funnel({ steps }: { steps: number[] }) {
  const names = [words.adoption.viewed, words.adoption.subscribed, words.adoption.called];
  const most = Math.max(1, ...steps);
  return (
    <table className={classes.bars} aria-label={words.adoption.funnel}>
      <tbody>
        {names.map((name, place) => (
          <tr key={name}>
            <td>
              {name}
              <span className={classes.track} aria-hidden="true">
                {steps[place] ? <span className={classes.fill} style={{ width: `${(100 * (steps[place] ?? 0)) / most}%` }} /> : null}
              </span>
            </td>
            <td className={classes.number}>{count(steps[place] ?? 0)}</td>
            <td className={classes.number}>{place === 0 ? '' : percent(steps[place] ?? 0, steps[place - 1] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
