// Prints what a visitor downloads before each page works, against the budgets of docs; fails when one is passed.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(import.meta.dirname), 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
// For this only: what the pages are made of is nothing that a visitor asks for.
rmSync(join(dist, '.vite'), { recursive: true });
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
  const js = weigh(html, /(?:src|href)="(\/assets\/[^"]+\.js)"/g) + textsOf(page);
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
function textsOf(page) {
  const reached = new Set();
  const texts = new Set();
  const walk = (name) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const text of manifest[name].dynamicImports ?? []) if (/words\/[\w-]*en\.ts$/.test(text)) texts.add(manifest[text].file);
    for (const part of manifest[name].imports ?? []) walk(part);
  };
  walk(page);
  return sizeOf(texts);
}

function sizeOf(files) {
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1024;
}
