import classes from './gate.module.css';

/** A wall at dusk with one lit gate: decoration beside the form, in the colours of the organization. */
export function GateScene() {
  return (
    <svg viewBox="0 0 600 800" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
      <defs>
        <radialGradient id="glow" cx="50%" cy="62%" r="55%">
          <stop offset="0" stopColor="var(--postern-lamp)" stopOpacity="0.5" />
          <stop offset="0.45" stopColor="var(--postern-lamp)" stopOpacity="0.1" />
          <stop offset="1" stopColor="var(--postern-lamp)" stopOpacity="0" />
        </radialGradient>
        <linearGradient id="floor" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--postern-lamp)" stopOpacity="0.55" />
          <stop offset="1" stopColor="var(--postern-lamp)" stopOpacity="0" />
        </linearGradient>
      </defs>
      <g stroke="var(--mantine-color-patina-6)" strokeOpacity="0.28" strokeWidth="2" fill="none">
        {ROWS.map((row) => (
          <path key={row} d={courseOf(row)} />
        ))}
      </g>
      <rect width="600" height="800" fill="url(#glow)" />
      <path d="M200 690h200l140 110H60z" fill="url(#floor)" />
      <path
        d="M180 690V440c0-70 53-126 120-126s120 56 120 126v250z"
        className={classes.arch}
        stroke="var(--mantine-color-patina-5)"
        strokeOpacity="0.55"
        strokeWidth="14"
      />
      <path d="M200 690V444c0-58 44-104 100-104v350z" fill="var(--postern-lamp)" />
      <path d="M300 340c56 0 100 46 100 104v246H300z" className={classes.light} />
      <path d="M300 340v350l72 22V452c0-52-28-98-72-112z" fill="var(--mantine-color-patina-7)" />
      <circle cx="318" cy="548" r="7" className={classes.light} />
      <rect y="690" width="600" height="2" fill="var(--mantine-color-patina-5)" fillOpacity="0.4" />
    </svg>
  );
}

/** One course of stones: a line and its joints, shifted in every second row. */
function courseOf(row: number): string {
  const top = row * 58 - 6;
  const joints = Array.from({ length: 7 }, (_, joint) => {
    const x = joint * 104 + (row % 2 === 0 ? 22 : 74);
    return `M${x} ${top}v58`;
  });
  return `M0 ${top}H600${joints.join('')}`;
}

const ROWS = Array.from({ length: 13 }, (_, row) => row);
