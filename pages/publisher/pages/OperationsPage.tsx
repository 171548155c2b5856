import { Button, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllThrottlingPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { updateApi } from '../../client/publisher/sdk.gen';
import type { ApiOperations } from '../../client/publisher/types.gen';
import { MethodBadge } from '../../kit/badges';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { LinkButton } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { ProblemView } from '../../kit/problem-view';
import { SearchBox } from '../../kit/search-box';
import { done } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { useHold } from '../../kit/use-hold';
import { ApiHeading } from '../api-heading';
import { paths } from '../paths';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

type Change = Partial<Pick<ApiOperations, 'authType' | 'throttlingPolicy'>>;
type Changes = Record<string, Change>;

function Nothing({ isFiltered, apiId, onClear }: { isFiltered: boolean; apiId: string; onClear: () => void }) {
  if (isFiltered) return <NothingMatches onClear={onClear} />;
  return (
    <EmptyState
      title={words.operations.emptyTitle}
      help={words.operations.emptyHelp}
      action={<LinkButton to={paths.definition(apiId)}>{words.operations.editDefinition}</LinkButton>}
    />
  );
}

function columnsOf(limits: string[], change: (operation: ApiOperations, part: Change) => void): Column<ApiOperations>[] {
  return [
    { name: words.operations.path, cell: (operation) => <code>{operation.target}</code> },
    { name: words.operations.method, cell: (operation) => <MethodBadge method={operation.verb} /> },
    {
      name: words.operations.credential,
      cell: (operation) => (
        <Select
          size="xs"
          w={178}
          aria-label={words.operations.credentialOf(keyOf(operation))}
          data={AUTH_TYPES}
          value={operation.authType === undefined || operation.authType === 'Any' ? EITHER : operation.authType}
          onChange={(authType) => change(operation, { authType: authType as ApiOperations['authType'] })}
        />
      ),
    },
    {
      name: words.operations.limit,
      cell: (operation) => (
        <Select
          size="xs"
          w={140}
          aria-label={words.operations.limitOf(keyOf(operation))}
          data={limits}
          value={operation.throttlingPolicy || 'Unlimited'}
          onChange={(throttlingPolicy) => change(operation, { throttlingPolicy: throttlingPolicy ?? undefined })}
        />
      ),
    },
    { name: words.operations.scopes, cell: (operation) => operation.scopes?.join(', ') || '–' },
  ];
}

export function OperationsPage() {
  const api = useApi();
  const [search, setSearch] = useAddress<Listed>();
  const [changes, setChanges] = useState<Changes>({});
  const refresh = useRefresh();
  useHold(Object.keys(changes).length > 0);
  const policies = useQuery(getAllThrottlingPoliciesOptions({ path: { policyLevel: 'api' }, query: { limit: 100 } }));
  const limits = ['Unlimited', ...(policies.data?.list ?? []).map((policy) => policy.name).filter((name) => name !== 'Unlimited')];
  const operations = (api.operations ?? []).map((operation) => ({ ...operation, ...changes[keyOf(operation)] }));
  const shown = operations.filter((operation) =>
    keyOf(operation)
      .toLowerCase()
      .includes((search.query ?? '').toLowerCase()),
  );
  const { limit, offset } = useTurn(50);
  const saved = useMutation({
    mutationFn: () => updateApi({ path: { apiId: api.id ?? '' }, body: { ...api, operations } }),
    onSuccess: async () => {
      await refresh();
      setChanges({});
      done(words.operations.saved);
    },
  });
  function change(operation: ApiOperations, part: Change) {
    const key = keyOf(operation);
    setChanges((old) => ({ ...old, [key]: { ...old[key], ...part } }));
  }
  return (
    <>
      <ApiHeading
        title={words.operations.title}
        lead={words.operations.lead}
        actions={
          <Button disabled={Object.keys(changes).length === 0} loading={saved.isPending} onClick={() => saved.mutate()}>
            {words.operations.save}
          </Button>
        }
      />
      {saved.isError ? <ProblemView thrown={saved.error} /> : null}
      <div style={{ marginBlock: '0 1rem' }}>
        <SearchBox label={words.operations.filter} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
      </div>
      {shown.length === 0 ? (
        <Nothing isFiltered={operations.length > 0} apiId={api.id ?? ''} onClear={() => setSearch({ query: '', offset: 0 })} />
      ) : (
        <>
          <ListTable
            label={words.operations.title}
            columns={columnsOf(limits, change)}
            rows={shown.slice(offset, offset + limit)}
            rowKey={keyOf}
          />
          <Pages limit={limit} total={shown.length} />
        </>
      )}
    </>
  );
}

function keyOf(operation: ApiOperations): string {
  return `${operation.verb} ${operation.target}`;
}

const AUTH_TYPES = Object.entries(words.operations.authTypes).map(([value, label]) => ({ value, label }));
/** WSO2 has two names for it; `Any` is the other. */
const EITHER = 'Application & Application User';
