// Prints what a visitor downloads before each page works, against the budgets of docs; fails when one is passed.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(import.meta.dirname), 'dist');
/** KiB, gzip: scripts and styles of the first load. */
const budgets = {
  'index.html': [10, 10],
  'sign-in/index.html': [190, 25],
  'devportal/index.html': [190, 25],
  'publisher/index.html': [260, 35],
  'admin/index.html': [240, 35],
};

let isWithin = true;
for (const [page, [scripts, styles]] of Object.entries(budgets)) {
  const html = readFileSync(join(dist, page), 'utf8');
  const js = weigh(html, /(?:src|href)="(\/assets\/[^"]+\.js)"/g);
  const css = weigh(html, /href="(\/assets\/[^"]+\.css)"/g);
  const fits = js <= scripts && css <= styles;
  isWithin &&= fits;
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${page.padEnd(22)} scripts ${js.toFixed(1)} of ${scripts} KiB, styles ${css.toFixed(1)} of ${styles} KiB`,
  );
}
if (!isWithin) process.exitCode = 1;

function weigh(html, pattern) {
  const files = new Set([...html.matchAll(pattern)].map((match) => match[1]));
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1024;
}
