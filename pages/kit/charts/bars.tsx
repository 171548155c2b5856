import { Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { UsageAnswer, UsageRow } from '../../client/analytics/types.gen';
import { count, percent } from '../format';
import { Panel } from '../page-parts';
import { QueryView } from '../query-view';
import type { Range } from '../time-range';
import { type Figure, keyOf, requests, type Scope, useUsage, type Wish } from './ask';
import classes from './charts.module.css';
import { words } from './words';

interface BarsProps {
  title: string;
  help?: string;
  /** What the bars stand for. */
  of: string;
  name: (row: UsageRow) => ReactNode;
  figure?: Figure;
  /** What the last column says of a row; its share of all when absent. */
  note?: { name: string; cell: (row: UsageRow) => string };
  bad?: boolean;
}

interface AskedBarsProps extends BarsProps {
  scope: Scope;
  range: Range;
  wish: Wish;
}

/** Groups that rank first, as bars that are a table at the same time. */
export function AskedBars({ scope, range, wish, ...bars }: AskedBarsProps) {
  const query = useUsage(scope, range, { top: 10, ...wish });
  return (
    <Panel title={bars.title} help={bars.help}>
      <QueryView query={query}>{(answer) => <Bars answer={answer} {...bars} />}</QueryView>
    </Panel>
  );
}

function Bars({ answer, title, of, name, figure = requests, note, bad = false }: BarsProps & { answer: UsageAnswer }) {
  const rows = answer.list.filter((row) => figure(row) > 0);
  const most = Math.max(1, ...rows.map(figure));
  const whole = figure(answer.total);
  const last = note ?? { name: words.share, cell: (row: UsageRow) => percent(figure(row), whole) };
  if (rows.length === 0) return <Nothing />;
  return (
    <>
      <table className={`${classes.bars} ${bad ? classes.bad : ''}`} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">
              <VisuallyHidden>{title}</VisuallyHidden>
            </th>
            <th scope="col" className={classes.number}>
              {of}
            </th>
            <th scope="col" className={classes.number}>
              {last.name}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <td>
                {name(row)}
                <span className={classes.track} aria-hidden="true">
                  <span className={classes.fill} style={{ display: 'block', width: `${(100 * figure(row)) / most}%` }} />
                </span>
              </td>
              <td className={classes.number}>{count(figure(row))}</td>
              <td className={classes.number}>{last.cell(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.omitted > 0 ? <p className={classes.more}>{words.others(answer.omitted)}</p> : null}
    </>
  );
}

export function Nothing() {
  return <Text c="dimmed">{words.nothing}</Text>;
}
