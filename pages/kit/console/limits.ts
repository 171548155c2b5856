import { period } from '../language';
import { words } from './words';

/** One line of the `RateLimit` header fields, in words. */
export interface LimitLine {
  name: string;
  words: string;
}

/**
 * Reads the fields `RateLimit-Policy` (`"name";q=quota;w=window`) and `RateLimit` (`"name";r=left;t=until`) of the IETF draft, and
 * `Retry-After`, both in seconds.
 */
export function limitsOf(headers: [string, string][]): LimitLine[] {
  const held = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const policies = itemsOf(held.get('ratelimit-policy') ?? '');
  const standings = itemsOf(held.get('ratelimit') ?? '');
  const lines = standings.map(({ name, parameters }) => {
    const policy = policies.find((candidate) => candidate.name === name)?.parameters;
    return { name, words: sentenceOf(parameters, policy) };
  });
  const retry = Number(held.get('retry-after'));
  return retry > 0 ? [...lines, { name: 'Retry-After', words: words.limit.again(span(retry)) }] : lines;
}

function sentenceOf(standing: Map<string, number>, policy: Map<string, number> | undefined): string {
  const left = standing.get('r');
  const quota = policy?.get('q');
  const window = policy?.get('w');
  const until = standing.get('t');
  const share = quota === undefined ? words.limit.left(left ?? 0) : words.limit.leftOf(left ?? 0, quota);
  const every = window === undefined ? '' : words.limit.each(period(...unitOf(window)));
  return `${share}${every}${until === undefined ? '' : words.limit.anew(span(until))}.`;
}

function itemsOf(field: string) {
  return field
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', ...rest] = item.split(';');
      const pairs = rest.map((pair) => pair.trim().split('='));
      return {
        name: name.replaceAll('"', ''),
        parameters: new Map(pairs.map(([key = '', value = '']): [string, number] => [key, Number(value)])),
      };
    });
}

function span(seconds: number): string {
  const [length, unit] = unitOf(seconds);
  return length === 1 ? `1 ${period(1, unit)}` : period(length, unit);
}

function unitOf(seconds: number): [number, string] {
  if (seconds >= 86_400) return [Math.round(seconds / 86_400), 'day'];
  if (seconds >= 3_600) return [Math.round(seconds / 3_600), 'hour'];
  if (seconds >= 60) return [Math.round(seconds / 60), 'minute'];
  return [Math.round(seconds), 'second'];
}
