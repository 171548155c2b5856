import type { Named, SubjectCalls } from './subject-calls';

/** What an API or a product was, as its archive says it. */
export interface Frozen {
  /** Settings: endpoints, security, plans, limits. */
  settings: string;
  definition: string;
}

/** The draft, or the revision of that number, as text. */
export async function frozenOf(calls: SubjectCalls, named: Named, revisionNumber?: string): Promise<Frozen> {
  const { data } = await calls.archive(named, revisionNumber);
  const files = [...(await filesOf(data as ArrayBuffer))];
  // Below the archive's one folder; those of the APIs of a product lie deeper.
  const found = (path: RegExp) => files.find(([name]) => path.test(name))?.[1] ?? '';
  return { settings: found(/^[^/]+\/api(_product)?\.yaml$/), definition: found(/^[^/]+\/Definitions\/swagger\.yaml$/) };
}

/** The number of a revision, which its name ends with. */
export function numberOf(displayName: string | undefined): string {
  return /\d+$/.exec(displayName ?? '')?.[0] ?? '';
}

/** The text files of a ZIP archive by their names, read by its directory at the end. */
export async function filesOf(archive: ArrayBuffer): Promise<Map<string, string>> {
  const view = new DataView(archive);
  const files = new Map<string, string>();
  let at = directoryOf(view);
  while (at + 46 <= view.byteLength && view.getUint32(at, true) === ENTRY) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(new Uint8Array(archive, at + 46, nameLength));
    if (/\.(ya?ml|json|md|txt)$/.test(name)) files.set(name, await contentOf(view, at));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

function directoryOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0; at -= 1) if (view.getUint32(at, true) === END) return view.getUint32(at + 16, true);
  throw new Error('the archive has no directory');
}

async function contentOf(view: DataView, entry: number): Promise<string> {
  const method = view.getUint16(entry + 10, true);
  const size = view.getUint32(entry + 20, true);
  const local = view.getUint32(entry + 42, true);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const bytes = new Uint8Array(view.buffer as ArrayBuffer, start, size);
  if (method === STORED) return new TextDecoder().decode(bytes);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
}

const ENTRY = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
