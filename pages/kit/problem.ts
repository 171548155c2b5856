import { words } from './words';

/** A single fault of a request that has several. */
export interface Fault {
  code: string;
  message: string;
  description?: string;
}

interface ProblemParts {
  status: number;
  title: string;
  detail?: string;
  code?: string;
  page?: string;
  faults?: Fault[];
  requestId?: string;
}

/** What the portals know about a refusal, whoever refused. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly page: string;
  readonly faults: Fault[];
  /** What the platform calls the request, for those who look it up; empty where it has no name. */
  readonly requestId: string;

  constructor(parts: ProblemParts) {
    super(parts.detail || parts.title);
    this.status = parts.status;
    this.title = parts.title;
    this.detail = parts.detail ?? '';
    this.code = parts.code ?? '';
    this.page = parts.page ?? '';
    this.faults = parts.faults ?? [];
    this.requestId = parts.requestId ?? '';
  }
}

/** Reads the body of a refusal: the management shape, problem+json, OAuth's, or plain text. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  // Cloudflare names each request; the platform's own name for it comes first.
  return problemFrom(response.status, parse(text), response.headers.get('x-request-id') ?? response.headers.get('cf-ray') ?? '');
}

export function problemFrom(status: number, body: unknown, requestId = ''): Problem {
  const record = isRecord(body) ? body : {};
  const title = word(record.message) || word(record.title) || word(record.error) || (words.problems[status] ?? words.answered(status));
  return new Problem({
    status,
    title: sentence(title),
    detail: sentence(word(record.description) || word(record.detail) || word(record.error_description)),
    code: word(record.code),
    page: word(record.moreInfo) || word(record.type),
    faults: Array.isArray(record.error) ? record.error.filter(isFault) : [],
    requestId: requestId || word(record.requestId),
  });
}

/** What a page says below the title: each thing once, whatever the platform repeats. */
export function sayingsOf({ title, detail, faults }: Problem): { detail: string; faults: string[] } {
  const said = [title];
  const isNew = (text: string) => {
    if (text === '' || said.some((known) => plain(known).includes(plain(text)))) return false;
    said.push(text);
    return true;
  };
  const listed = faults.map(({ message }) => sentence(message));
  // A detail that only joins the faults says nothing that the list does not.
  const joins = faults.length > 0 && listed.every((text) => plain(detail).includes(plain(text)));
  return { detail: !joins && isNew(detail) ? detail : '', faults: listed.filter(isNew) };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Anything that was thrown, as a problem: one translator for every page. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) {
    return new Problem({ status: 0, title: words.unreachable, detail: words.unreachableHelp });
  }
  return new Problem({ status: 0, title: words.pageFailed, detail: thrown instanceof Error ? thrown.message : '' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFault(value: unknown): value is Fault {
  return isRecord(value) && typeof value.message === 'string';
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Refusals start in lower case by house rule; a page shows them as sentences. */
function sentence(text: string): string {
  return text === '' ? '' : text[0]?.toUpperCase() + text.slice(1);
}
