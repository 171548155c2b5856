import { encode } from 'uqr';
import { words } from '../people-words';
import classes from './account.module.css';

/** Text as a QR code, dark on white in both themes: cameras want it so. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 0 });
  const path = data.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg className={classes.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.qr} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
