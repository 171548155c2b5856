import { getApiAuditEntry, getApiAuditLog } from '../../client/publisher/sdk.gen';
import { Entries } from '../../kit/audit/entries';
import type { EntrySource } from '../../kit/audit/source';
import { Panels } from '../../kit/page-parts';
import { ApiHeading } from '../api-heading';
import { useSubjectPlace } from '../subject';
import { words } from '../words';

/** Who changed the API or the product, and what belongs to it. */
export function ChangesPage() {
  const { id } = useSubjectPlace();
  return (
    <>
      <ApiHeading title={words.changes.title} lead={words.changes.lead} />
      <Panels>
        <Entries label={words.changes.title} source={logOf(id)} />
      </Panels>
    </>
  );
}

function logOf(apiId: string): EntrySource {
  return {
    key: ['audit-log', apiId],
    tellsAddresses: false,
    list: async (query) => (await getApiAuditLog({ path: { apiId }, query })).data,
    entry: async (id) => (await getApiAuditEntry({ path: { apiId, entryId: String(id) } })).data,
  };
}
