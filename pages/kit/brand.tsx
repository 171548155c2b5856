/** The gate, its left leaf lit by the lamp, or what the theme puts in its place. Decorative: the name stands beside it. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg data-mark width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path fill="var(--postern-brand)" d="M3 30V14.5C3 7.6 8.8 2 16 2s13 5.6 13 12.5V30z" />
      <path fill="var(--postern-surface)" d="M9 30V15c0-3.9 3.1-7 7-7s7 3.1 7 7v15z" />
      <path fill="var(--postern-lamp)" d="M9 30V15c0-3.9 3.1-7 7-7v22z" />
    </svg>
  );
}
