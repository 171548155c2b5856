import type { AuditEntry } from '../../client/admin/types.gen';

/** What an entry is about, by the name that it had then. */
export function subjectOf({ subject, subjectName }: AuditEntry) {
  return typeof subjectName === 'string' && subjectName !== '' ? subjectName : <code>{subject}</code>;
}
