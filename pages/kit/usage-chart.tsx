import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { UsageRow } from '../client/analytics/types.gen';
import { count } from './format';
import { locale } from './language';
import type { Range } from './time-range';
import { words } from './words';

/** Calls over time, good ones below failed ones. Loaded on its own: the drawing library is as large as a portal. */
export default function UsageChart({ rows, range }: { rows: UsageRow[]; range: Range }) {
  const format = range === 'week' || range === 'month' ? DAY : TIME;
  const points = rows.map((row) => ({
    at: row.at ? format.format(new Date(row.at)) : '',
    successes: row.successes ?? 0,
    errors: row.errors ?? 0,
  }));
  return (
    <div role="img" aria-label={words.usage.chart} style={{ height: 280 }}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={points} margin={{ top: 8, right: 4, bottom: 0, left: -12 }} barCategoryGap="18%" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--postern-line)" />
          <XAxis dataKey="at" tickLine={false} axisLine={false} minTickGap={24} tick={TICK} />
          <YAxis allowDecimals={false} tickLine={false} axisLine={false} tick={TICK} tickFormatter={count} />
          <Tooltip cursor={{ fill: 'var(--postern-sunken)' }} contentStyle={TIP} isAnimationActive={false} />
          <Bar
            name={words.usage.successes}
            dataKey="successes"
            stackId="calls"
            fill="var(--mantine-color-patina-5)"
            maxBarSize={36}
            isAnimationActive={false}
          />
          <Bar
            name={words.usage.errors}
            dataKey="errors"
            stackId="calls"
            fill="#d0453a"
            radius={[3, 3, 0, 0]}
            maxBarSize={36}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

const TICK = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };
const TIP = {
  border: '1px solid var(--postern-line)',
  borderRadius: 10,
  background: 'var(--postern-surface)',
  color: 'var(--mantine-color-text)',
  fontSize: 13,
};
const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric' });
