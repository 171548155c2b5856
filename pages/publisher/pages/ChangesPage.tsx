import { getAllCommentsOfApi, getApiAuditEntry, getApiAuditLog, getSubscriptions } from '../../client/publisher/sdk.gen';
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
    names: {
      comment: async () => {
        const { data } = await getAllCommentsOfApi({ path: { apiId }, query: { limit: MOST } });
        return (data.list ?? []).map(({ id = '', content }) => [id, firstWords(content)]);
      },
      subscription: async () => {
        const { data } = await getSubscriptions({ query: { apiId, limit: MOST } });
        return data.list.map(({ subscriptionId, applicationInfo: { name = '' } }) => [subscriptionId, name]);
      },
    },
  };
}

/** A comment as a list can name it: its beginning, in quotation marks. */
function firstWords(content = ''): string {
  const line = content.replace(/\s+/g, ' ').trim();
  return `“${line.length > WORDS ? `${line.slice(0, WORDS - 1).trimEnd()}…` : line}”`;
}

/** Of each kind; what is older is named by its kind. */
const MOST = 200;
/** Characters of a comment in a row. */
const WORDS = 40;
