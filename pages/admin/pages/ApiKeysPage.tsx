import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllApiKeysOptions } from '../../client/admin/@tanstack/react-query.gen';
import { revokeApiKeyFromAdmin } from '../../client/admin/sdk.gen';
import type { ApiKey } from '../../client/admin/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { ago, moment } from '../../kit/format';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { done } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.owned;

function columnsOf(ask: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    { name: w.key, cell: ({ keyName }) => <strong>{keyName}</strong> },
    { name: w.application, cell: ({ applicationName }) => applicationName },
    { name: w.owner, cell: ({ user }) => user },
    { name: w.kind, cell: ({ keyType = '' }) => w.kinds[keyType] ?? keyType },
    { name: w.issued, cell: ({ issuedOn }) => moment(issuedOn) },
    { name: w.until, cell: untilOf },
    { name: w.lastUsed, cell: ({ lastUsed }) => (lastUsed && lastUsed > 0 ? ago(lastUsed) : w.never) },
    {
      name: w.actions,
      end: true,
      cell: (key) => (
        <Button size="xs" variant="subtle" color="red" aria-label={w.revokeOf(key.keyName ?? '')} onClick={() => ask(key)}>
          {w.revoke}
        </Button>
      ),
    },
  ];
}

export function ApiKeysPage() {
  const [search, setSearch] = useAddress<Listed>();
  const keys = useQuery(getAllApiKeysOptions());
  const [asked, ask] = useState<ApiKey>();
  const refresh = useRefresh();
  const wanted = (search.query ?? '').toLowerCase();
  const { limit, offset } = useTurn(50);
  const name = asked?.keyName ?? '';
  return (
    <>
      <PageHeader title={w.keys} lead={w.keysLead} />
      <div style={{ marginBlockEnd: '1rem' }}>
        <SearchBox label={kit.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
      </div>
      <QueryView query={keys}>
        {({ list = [] }) => {
          const shown = list.filter((key) => `${key.keyName} ${key.applicationName} ${key.user}`.toLowerCase().includes(wanted));
          if (list.length === 0) return <EmptyState title={w.noKeys} help={w.noKeysHelp} />;
          if (shown.length === 0) return <NothingMatches onClear={() => setSearch({ query: '', offset: 0 })} />;
          return (
            <>
              <ListTable
                label={w.keys}
                columns={columnsOf(ask)}
                rows={shown.slice(offset, offset + limit)}
                rowKey={({ keyUUID }) => keyUUID ?? ''}
              />
              <Pages limit={limit} total={shown.length} />
            </>
          );
        }}
      </QueryView>
      {asked ? (
        <Confirm
          title={w.revokeTitle(name)}
          body={w.revokeBody}
          action={w.revoke}
          onConfirm={() =>
            revokeApiKeyFromAdmin({ body: { keyUUID: asked.keyUUID ?? '' } })
              .then(refresh)
              .then(() => done(w.revoked(name)))
          }
          onClose={() => ask(undefined)}
        />
      ) : null}
    </>
  );
}

function untilOf({ issuedOn = 0, validityPeriod }: ApiKey): string {
  return validityPeriod === undefined || validityPeriod < 0 ? w.forEver : moment(issuedOn + validityPeriod * 1000);
}
