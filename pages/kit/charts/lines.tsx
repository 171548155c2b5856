import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { count } from '../format';
import { locale } from '../language';
import classes from './charts.module.css';

export interface LinesOf {
  label: string;
  /** Each a moment and a value for each line, by its key. */
  points: Record<string, number | string | undefined>[];
  lines: { key: string; name: string }[];
  byDay: boolean;
}

/** Lines over time. Loaded on its own, as every picture. */
export default function Lines({ label, points, lines, byDay }: LinesOf) {
  const format = byDay ? DAY : TIME;
  const told = points.map((point) => ({ ...point, at: format.format(new Date(String(point.at))) }));
  return (
    <>
      <div role="img" aria-label={label} style={{ height: 260 }}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={told} margin={{ top: 8, right: 8, bottom: 0, left: -8 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--postern-line)" />
            <XAxis dataKey="at" tickLine={false} axisLine={false} minTickGap={28} tick={TICK} />
            <YAxis tickLine={false} axisLine={false} tick={TICK} tickFormatter={count} allowDecimals={false} />
            <Tooltip contentStyle={TIP} isAnimationActive={false} />
            {lines.map(({ key, name }, place) => (
              <Line
                key={key}
                dataKey={key}
                name={name}
                type="linear"
                stroke={COLOURS[place % COLOURS.length]}
                strokeWidth={2}
                strokeDasharray={DASHES[place % DASHES.length]}
                dot={points.length < 3}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <ul className={classes.legend}>
        {lines.map(({ key, name }, place) => (
          <li key={key}>
            <svg width="22" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="22"
                y2="4"
                stroke={COLOURS[place % COLOURS.length]}
                strokeWidth="2"
                strokeDasharray={DASHES[place % DASHES.length]}
              />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

// Told apart by their dashes too.
const COLOURS = ['var(--mantine-color-patina-5)', '#c98a1b', '#d0453a', '#7a68c9'];
const DASHES = ['0', '6 3', '2 3', '10 4'];
const TICK = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };
const TIP = {
  border: '1px solid var(--postern-line)',
  borderRadius: 10,
  background: 'var(--postern-surface)',
  color: 'var(--mantine-color-text)',
  fontSize: 13,
};
const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
