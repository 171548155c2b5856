// Renders docs/ to static HTML that the product serves at /docs/: `node ../docs/render.mjs dist`, called in pages/ by `npm run build`.
//
// One page per Markdown file at its own folder (`errors/900908.md` -> `errors/900908/index.html`, `README.md` -> `index.html`), so that
// `/docs/errors/<code>`, which every refusal names, needs no server logic. No inline script or style: the pages live under the
// portals' content security policy. markdown-it comes from the caller's node_modules; nothing else is needed.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const MarkdownIt = createRequire(resolve('package.json'))('markdown-it');

render(process.argv[2] ?? 'dist');

function render(out) {
  const started = performance.now();
  const pages = markdownBelow(source);
  for (const page of pages) {
    const file = join(out, 'docs', addressOf(page), 'index.html');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, htmlOf(page));
  }
  copyFileSync(join(source, 'docs.css'), join(out, 'docs', 'docs.css'));
  console.log(`docs: ${pages.length} pages in ${Math.round(performance.now() - started)} ms`);
}

/** Every Markdown file below `folder`, as paths from docs/ with forward slashes. */
function markdownBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownBelow(path);
    return entry.name.endsWith('.md') ? [relative(source, path).replaceAll('\\', '/')] : [];
  });
}

/** `errors/900908.md` -> `errors/900908/`; `errors/README.md` -> `errors/`. */
function addressOf(page) {
  const address = page.replace(/\.md$/, '/');
  return address.replace(/(^|\/)README\/$/, '$1');
}

function htmlOf(page) {
  const text = readFileSync(join(source, page), 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1] ?? 'Postern';
  return layout(title.replaceAll('`', ''), parserFor(page).render(text));
}

/** A parser whose links lead from `page` to the rendered neighbours, and whose headings can be linked to. */
function parserFor(page) {
  const parser = new MarkdownIt({ html: false });
  parser.core.ruler.push('links', ({ tokens }) => {
    for (const { children } of tokens) if (children) relink(children, page);
  });
  parser.renderer.rules.heading_open = (tokens, at, options, _env, self) => {
    tokens[at].attrSet('id', slug(tokens[at + 1].content));
    return self.renderToken(tokens, at, options);
  };
  // A wide table scrolls by itself instead of widening the page.
  parser.renderer.rules.table_open = () => '<div class="wide"><table>\n';
  parser.renderer.rules.table_close = () => '</table></div>\n';
  return parser;
}

/** Files outside docs/ are not served: their links become plain text. */
function relink(children, page) {
  let dropped = false;
  for (const token of children) {
    if (token.type === 'link_open') {
      const href = hrefFrom(page, token.attrGet('href'));
      dropped = href === null;
      if (!dropped) token.attrSet('href', href);
    }
    if (dropped && token.type.startsWith('link_')) {
      token.type = 'text';
      token.content = '';
    }
  }
}

/** The address of what `page` links to as `href`; null for a file that is not served. */
function hrefFrom(page, href) {
  if (/^([a-z]+:|\/|#)/i.test(href)) return href;
  const [path, anchor] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(page), path));
  if (target.startsWith('..') || !target.endsWith('.md')) return null;
  return `/docs/${addressOf(target)}${anchor ? `#${anchor}` : ''}`;
}

function slug(heading) {
  return heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

function layout(title, body) {
  const safe = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${safe} - Postern</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<header><nav aria-label="Documentation"><a class="home" href="/">Postern</a> <a href="/docs/">Documentation</a> <a href="/docs/errors/">Error codes</a></nav></header>
<main>
${body}</main>
</body>
</html>
`;
}
