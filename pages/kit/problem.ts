/** A single fault of a request that has several. */
export interface Fault {
  code: string;
  message: string;
  description?: string;
}

/** What the portals know about a refusal, whoever refused. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly page: string;
  readonly faults: Fault[];

  constructor(parts: { status: number; title: string; detail?: string; code?: string; page?: string; faults?: Fault[] }) {
    super(parts.detail || parts.title);
    this.status = parts.status;
    this.title = parts.title;
    this.detail = parts.detail ?? '';
    this.code = parts.code ?? '';
    this.page = parts.page ?? '';
    this.faults = parts.faults ?? [];
  }
}

/** Reads the body of a refusal: the management shape, problem+json, OAuth's, or plain text. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  return problemFrom(response.status, parse(text));
}

export function problemFrom(status: number, body: unknown): Problem {
  const record = isRecord(body) ? body : {};
  const title = word(record.message) || word(record.title) || word(record.error) || (TITLES[status] ?? `The server answered ${status}`);
  return new Problem({
    status,
    title: sentence(title),
    detail: sentence(word(record.description) || word(record.detail) || word(record.error_description)),
    code: word(record.code),
    page: word(record.moreInfo) || word(record.type),
    faults: Array.isArray(record.error) ? record.error.filter(isFault) : [],
  });
}

/** Anything that was thrown, as a problem: one translator for every page. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) {
    return new Problem({ status: 0, title: 'The platform cannot be reached', detail: 'Check the connection, then try again.' });
  }
  return new Problem({ status: 0, title: 'Something went wrong in this page', detail: thrown instanceof Error ? thrown.message : '' });
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

const TITLES: Record<number, string> = {
  400: 'The request was not understood',
  401: 'You are not signed in',
  403: 'You may not do this',
  404: 'There is no such thing here',
  409: 'This clashes with something that exists',
  412: 'Somebody else has changed this meanwhile',
  413: 'This is too large',
  429: 'Too many requests; wait a moment',
  500: 'The platform failed',
  502: 'The upstream cannot be reached',
  503: 'The platform is not ready',
};
