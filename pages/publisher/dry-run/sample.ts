import type { DryRunResult, DryRunSample } from '../../client/publisher/types.gen';

export type Step = DryRunResult['steps'][number];
export type Message = Step['message'];

/** What the form of a dry run holds. */
export interface SampleValues {
  method: string;
  /** With its query, as it would be typed. */
  path: string;
  /** One in each line: `name: value`. */
  headers: string;
  body: string;
  status: string;
  replyHeaders: string;
  replyBody: string;
}

export function sampleOf(values: SampleValues): DryRunSample {
  const [path = '/', query = ''] = split(values.path.trim(), '?');
  return {
    method: values.method,
    path: path.startsWith('/') ? path : `/${path}`,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: headersOf(values.headers),
    body: values.body,
    reply: { status: Number(values.status), headers: headersOf(values.replyHeaders), body: values.replyBody },
  };
}

/** The lines that are no `name: value`. */
export function badLinesOf(text: string): string[] {
  return linesOf(text).filter((line) => !/^[\w!#$%&'*+.^`|~-]+\s*:/.test(line));
}

/** What a step has made of a message: the lines that it has now and had not before, and those that are gone. */
export function changeOf(before: Message | undefined, after: Message): { come: string[]; gone: string[] } {
  const [old, now] = [before ? told(before) : [], told(after)];
  return { come: without(now, old), gone: without(old, now) };
}

/** A message line by line, as it goes over the wire. */
export function told({ method, path, query, status, headers, body }: Message): string[] {
  const first = status === 0 ? `${method} ${path}${query === '' ? '' : `?${query}`}` : String(status);
  return [first, ...headers.map(([name, value]) => `${name}: ${value}`), ...(body === '' ? [] : [body])];
}

function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(linesOf(text).map((line) => split(line, ':').map((part) => part.trim())));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** `all` without those of `others`; what is there twice and once is left once. */
function without(all: string[], others: string[]): string[] {
  const rest = [...others];
  return all.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
