import type { Entry } from './source';

/** What an entry is about, by the name that it had then. */
export function subjectOf({ subject, subjectName }: Entry) {
  return typeof subjectName === 'string' && subjectName !== '' ? subjectName : <code>{subject}</code>;
}
