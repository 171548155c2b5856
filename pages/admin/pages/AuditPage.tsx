import { Button } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { getAuditEntry, getAuditLog } from '../../client/admin/sdk.gen';
import { Entries } from '../../kit/audit/entries';
import { asked, type EntrySource, type Search } from '../../kit/audit/source';
import { PageHeader, Panels } from '../../kit/page-parts';
import { useAddress } from '../../kit/use-address';
import { ChainCheck } from '../audit/chain-check';
import { words } from '../words';

const w = words.audit;

/** The log of the organization. */
const LOG: EntrySource = {
  key: ['audit-log'],
  tellsAddresses: true,
  list: async (query) => (await getAuditLog({ query })).data,
  entry: async (id) => (await getAuditEntry({ path: { entryId: String(id) } })).data,
};

export function AuditPage() {
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={<Exports />} />
      <Panels>
        <ChainCheck />
        <Entries label={w.title} source={LOG} />
      </Panels>
    </>
  );
}

/** What the list is narrowed to, as files. */
function Exports() {
  const [{ before: _, ...filters }] = useAddress<Search>();
  const address = (format: string) => `/api/am/admin/v4/audit-log/export?${new URLSearchParams({ ...asked(filters), format })}`;
  return (
    <>
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={address(format)}
          download={`audit-log.${format}`}
          variant="default"
          leftSection={<IconFileExport size={17} />}
        >
          {w[format]}
        </Button>
      ))}
    </>
  );
}
