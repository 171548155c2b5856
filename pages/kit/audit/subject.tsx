import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Entry, type EntrySource, kindOf } from './source';
import { words as w } from './words';

/** What the subjects of these entries are called today, where the entries do not say it. */
export type Names = Map<string, string>;

/** Asks once for each kind among the entries that have no name. */
export function useNames({ key, names = {} }: EntrySource, entries: Entry[]): Names {
  const kinds = Object.keys(names).filter((kind) => entries.some((entry) => kindOf(entry) === kind && ownName(entry) === undefined));
  const asked = useQueries({
    queries: kinds.map((kind) => ({
      queryKey: [...key, 'names', kind],
      queryFn: () => names[kind]?.() ?? [],
      // A name is a courtesy: who may not read it sees the kind instead.
      retry: false,
    })),
  });
  return new Map(asked.flatMap(({ data = [] }) => data));
}

/** What an entry is about: by the name that it had then, by the one that it has now, else by what it is and a part of its id. */
export function subjectOf(entry: Entry, names: Names = new Map()): ReactNode {
  const { subject = '' } = entry;
  const name = ownName(entry) ?? names.get(subject);
  const kind = w.kinds[kindOf(entry)];
  if (name !== undefined) return OWN_WORDS.includes(kindOf(entry)) && kind ? <span title={subject}>{w.named(kind, name)}</span> : name;
  if (!kind || !UUID.test(subject)) return <code>{subject}</code>;
  return (
    <span title={subject}>
      {kind} <code>{subject.slice(0, 8)}</code>
    </span>
  );
}

/** As `subjectOf`, with the whole id, which a search for all entries about it takes. */
export function subjectWithId(entry: Entry, names: Names): ReactNode {
  const shown = subjectOf(entry, names);
  return UUID.test(entry.subject ?? '') ? (
    <span>
      {shown}
      <br />
      <code>{entry.subject}</code>
    </span>
  ) : (
    shown
  );
}

/** Revisions are called by their number. */
function ownName({ subjectName }: Entry): string | undefined {
  if (typeof subjectName === 'number') return String(subjectName);
  return typeof subjectName === 'string' && subjectName !== '' ? subjectName : undefined;
}

/** Kinds whose names say nothing without them: a number, the first words of a comment, an application. */
const OWN_WORDS = ['revision', 'comment', 'subscription'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
