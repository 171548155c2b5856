import type { Plugin, Rolldown } from 'vite';

/** What is loaded at once where path and search of an address match. */
export interface Part {
  /** A regular expression as text; what its first group finds takes the place of `*` in `reads`. */
  at: string;
  /** Modules that the portal's router loads then, from the folder of the pages. */
  modules: string[];
  /** Addresses that the page reads as soon as it runs. */
  reads: string[];
  /** Which of `reads` has the name and the version that are shown before any script of the portal has run. */
  heading?: string;
  /** Which field of that answer stands beneath them, as a text. */
  lead?: string;
}

/** Every page of a portal. */
export const portal: Part = { at: '', modules: [], reads: ['/session'] };

/**
 * Writes into each portal's page what `assets/first.js` carries out: which texts, scripts, styles and answers come beside the
 * bundle, and which script starts the portal once its outline has been painted. `parts` are those of each portal, by the name of its
 * folder.
 */
export function firstLoad(parts: Record<string, Part[]>): Plugin {
  return {
    name: 'first-load',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, chunk, path }) {
        const own = parts[path.split('/')[1] ?? ''];
        if (!bundle || !chunk || !own) return html;
        return planned(html, planOf(bundle, chunk, own));
      },
    },
  };
}

/** What runs the portal is loaded as any other script, and run by `first.js`; scripts come after what the outline is painted with. */
function planned(html: string, plan: object): string {
  const first = '<script src="/assets/first.js"></script>';
  const entries = [...html.matchAll(ENTRY)].map(([, address]) => address);
  if (entries.length === 0 || !html.includes(first)) throw new Error('the page lacks its scripts, so that it cannot be planned');
  const json = JSON.stringify({ entries, ...plan }).replaceAll('<', '\\u003c');
  return html
    .replace(ENTRY, '<link rel="modulepreload" crossorigin href="$1">')
    .replaceAll('<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"')
    .replace(first, `<script type="application/json" id="first-load">${json}</script>\n    ${first}`);
}

function planOf(bundle: Rolldown.OutputBundle, entry: Rolldown.OutputChunk, parts: Part[]) {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const loaded = new Set(reach(chunks, [entry]));
  // Whatever imported it would start this portal in the place of another.
  const starting = chunks.filter((chunk) => [...chunk.imports, ...chunk.dynamicImports].includes(entry.fileName));
  if (starting.length > 0) throw new Error(`\`${entry.fileName}\` starts a portal, and is imported by \`${starting[0]?.fileName}\``);
  const planOfPart = ({ at, modules, ...told }: Part) => {
    const pages = modules.map((module) => chunkOf(chunks, module));
    const added = reach(chunks, pages).filter((chunk) => !loaded.has(chunk));
    const whole = at === '' ? [...loaded] : added;
    const files = added.flatMap((chunk) => [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]);
    const texts = Object.fromEntries(LANGUAGES.map((language) => [language, textsOf(chunks, whole, language).map(addressOf)]));
    return { at, files: files.map(addressOf), texts, ...told };
  };
  return { parts: parts.map(planOfPart) };
}

/** The chunks and all that they import. */
function reach(chunks: Rolldown.OutputChunk[], from: Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const reached = new Set(from);
  for (const chunk of reached) {
    for (const other of chunks) if (chunk.imports.includes(other.fileName)) reached.add(other);
  }
  return [...reached];
}

function chunkOf(chunks: Rolldown.OutputChunk[], module: string): Rolldown.OutputChunk {
  const found = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/pages/${module}`)));
  if (!found) throw new Error(`no part of the bundle is made of \`${module}\`, which a first load names`);
  return found;
}

function textsOf(chunks: Rolldown.OutputChunk[], within: Rolldown.OutputChunk[], language: string): string[] {
  const texts = new RegExp(`/words/(?:[\\w-]+-)?${language}\\.ts$`);
  const wanted = new Set(within.flatMap(({ dynamicImports }) => dynamicImports));
  return chunks
    .filter(({ fileName, facadeModuleId }) => wanted.has(fileName) && texts.test(facadeModuleId ?? ''))
    .map(({ fileName }) => fileName);
}

const ENTRY = /<script type="module" crossorigin src="([^"]+)"><\/script>/g;
const addressOf = (file: string) => `/${file}`;
const LANGUAGES = ['en', 'de', 'ar'];
