/** An entry of the audit log, as far as its reader is told it. */
export interface Entry {
  id?: number;
  time?: string;
  actor?: string;
  action?: string;
  subject?: string;
  subjectName?: unknown;
  address?: string;
  userAgent?: string;
  seal?: string;
  changes?: { place?: string; before?: unknown; after?: unknown }[];
}

/** What the address of a page asks for; days as `2026-11-28`. */
export interface Search {
  actor?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
  before?: string;
}

export interface EntryQuery {
  actor?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
  limit: number;
  before?: number;
}

/** The audit log, by the calls of one portal. */
export interface EntrySource {
  /** Names the log among all that a portal asks for. */
  key: string[];
  /** Are readers told where changes came from? */
  tellsAddresses: boolean;
  list: (query: EntryQuery) => Promise<{ list?: Entry[]; pagination?: { next?: string } }>;
  entry: (id: number) => Promise<Entry>;
  /** What is asked for the names of subjects whose entries have none, by the first word of the action; one read for each. */
  names?: Record<string, () => Promise<[id: string, name: string][]>>;
}

/** The first word of an action: `comment` of `comment.create`. */
export function kindOf({ action = '' }: Entry): string {
  return action.split('.')[0] ?? '';
}

/** What is asked for, without what is left open; the end of a day is the beginning of the next one. */
export function asked({ to, ...others }: Search): Record<string, string> {
  const end = to ? new Date(Date.parse(to) + DAY).toISOString() : undefined;
  return Object.fromEntries(Object.entries({ ...others, to: end }).filter(([, value]) => value)) as Record<string, string>;
}

const DAY = 86_400_000;
