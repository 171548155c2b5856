// Prints what a visitor downloads before each page works, against the budgets of docs; fails when one is passed.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(import.meta.dirname), 'dist');
/** KiB, gzip: scripts, the texts of one language and styles of the first load. */
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
  const js = weigh(html, /(?:src|href)="(\/assets\/[^"]+\.js)"/g) + textsOf(html);
  const css = weigh(html, /href="(\/assets\/[^"]+\.css)"/g);
  const fits = js <= scripts && css <= styles;
  isWithin &&= fits;
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${page.padEnd(22)} scripts ${js.toFixed(1)} of ${scripts} KiB, styles ${css.toFixed(1)} of ${styles} KiB`,
  );
}
if (!isWithin) process.exitCode = 1;

function weigh(html, pattern) {
  return sizeOf(new Set([...html.matchAll(pattern)].map((match) => match[1])));
}

/** The texts that a page fetches before it shows anything: in English, as any other language is as long. */
function textsOf(html) {
  const plan = /id="first-load">(.+?)<\/script>/.exec(html);
  const whole = plan ? JSON.parse(plan[1]).parts.filter(({ at }) => at === '') : [];
  return sizeOf(new Set(whole.flatMap(({ texts }) => texts.en)));
}

function sizeOf(files) {
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1024;
}
