import type { Call } from '../curl';
import type { Operation, Parameter } from './definition';

/** What the console has been told to send. */
export interface Values {
  parameters: Record<string, string>;
  body: string;
}

/** What came back, to its end or as far as it has come. */
export interface Answer {
  status: number;
  reason: string;
  durationMs: number;
  bytes: number;
  headers: [string, string][];
  text: string;
  isText: boolean;
  /** `arriving`: there may be more; `stopped`: there was more. */
  state: 'arriving' | 'whole' | 'stopped';
}

interface Listening {
  /** Ends the call; what has come stays. */
  signal?: AbortSignal;
  /** Hears what has come so far, as a stream of events needs it. */
  onPart?: (answer: Answer) => void;
}

export function startOf(operation: Operation): Values {
  const parameters = Object.fromEntries(operation.parameters.map((parameter) => [keyOf(parameter), parameter.example]));
  return { parameters, body: operation.body?.example ?? '' };
}

export function keyOf(parameter: Parameter): string {
  return `${parameter.place} ${parameter.name}`;
}

/** The first required parameter without a value: sending would only bring an error back. */
export function missingOf(operation: Operation, values: Values): Parameter | undefined {
  return operation.parameters.find((parameter) => parameter.isRequired && !values.parameters[keyOf(parameter)]);
}

export function addressOf(base: string, operation: Operation, values: Values): string {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = values.parameters[keyOf(parameter)] ?? '';
    if (parameter.place === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    if (parameter.place === 'query' && value !== '') query.append(parameter.name, value);
  }
  const text = query.toString();
  return `${base}${path}${text === '' ? '' : `?${text}`}`;
}

export function headersOf(operation: Operation, values: Values): [string, string][] {
  const named = operation.parameters
    .filter((parameter) => parameter.place === 'header')
    .map((parameter): [string, string] => [parameter.name, values.parameters[keyOf(parameter)] ?? ''])
    .filter(([, value]) => value !== '');
  const type: [string, string][] = operation.body && values.body !== '' ? [['Content-Type', operation.body.type]] : [];
  return [['Accept', 'application/json'], ...named, ...type];
}

/** Calls the gateway as any other client would: without the portal's session. A stream is heard while it runs, and may be stopped. */
export async function call({ method, url, headers, body }: Call, { signal, onPart }: Listening = {}): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(url, {
    method,
    headers,
    body: body || undefined,
    credentials: 'omit',
    redirect: 'manual',
    cache: 'no-store',
    signal,
  });
  const isKnownText = /json|text|xml|yaml|javascript|urlencoded/.test(response.headers.get('content-type') ?? '');
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  const answer = (state: Answer['state']): Answer => ({
    status: response.status,
    reason: response.statusText || (REASONS[response.status] ?? ''),
    durationMs: Math.round(performance.now() - started),
    bytes,
    headers: [...response.headers.entries()],
    text,
    isText: isKnownText || bytes === 0,
    state,
  });
  onPart?.(answer('arriving'));
  const state = await read(response, signal, (part) => {
    bytes += part.length;
    if (isKnownText) text += decoder.decode(part, { stream: true });
    onPart?.(answer('arriving'));
    return bytes < MOST_BYTES;
  });
  return answer(state);
}

/** Reads to the end, or until the call is stopped or `take` has enough. */
async function read(
  { body }: Response,
  signal: AbortSignal | undefined,
  take: (part: Uint8Array) => boolean,
): Promise<'whole' | 'stopped'> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return 'whole';
      if (take(part.value)) continue;
      await reader?.cancel();
      return 'stopped';
    }
  } catch (thrown) {
    if (signal?.aborted) return 'stopped';
    throw thrown;
  }
}

export function prettyOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The code of a refusal of the gateway, when the answer is one. */
export function codeOf(answer: Answer): string | undefined {
  if (answer.status < 400) return undefined;
  try {
    const { code } = JSON.parse(answer.text) as { code?: unknown };
    return /^\d{6}$/.test(String(code)) ? String(code) : undefined;
  } catch {
    return undefined;
  }
}

/** As much of an answer as a page can show. */
const MOST_BYTES = 4 * 1024 * 1024;
const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
