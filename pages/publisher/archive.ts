import { exportApi } from '../client/publisher/sdk.gen';

/** What an API was, as its archive says it. */
export interface Frozen {
  /** Settings: endpoints, security, plans, limits. */
  settings: string;
  definition: string;
}

/** The draft, or the revision of that number, as text. */
export async function frozenOf(apiId: string, revisionNumber?: string): Promise<Frozen> {
  const { data } = await exportApi({ query: { apiId, revisionNumber, format: 'YAML' }, parseAs: 'arrayBuffer' });
  const files = await filesOf(data as unknown as ArrayBuffer);
  const named = (end: string) => [...files].find(([name]) => name.endsWith(end))?.[1] ?? '';
  return { settings: named('/api.yaml'), definition: named('/Definitions/swagger.yaml') };
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
