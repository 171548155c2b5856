import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllCommonOperationPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { deleteCommonOperationPolicyByPolicyId } from '../../client/publisher/sdk.gen';
import type { OperationPolicyData } from '../../client/publisher/types.gen';
import { Coded } from '../../kit/coded';
import { useEditing } from '../../kit/editing';
import { NothingMatches } from '../../kit/empty-state';
import { labelOf } from '../../kit/lanes/lanes';
import { words as lanes } from '../../kit/lanes/words';
import { LinkButton } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { PolicyCreate } from '../forms/policy-create';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.sharedPolicies;

function columnsOf(actions: (policy: OperationPolicyData) => React.ReactNode): Column<OperationPolicyData>[] {
  return [
    {
      name: w.name,
      cell: (policy) => (
        <div>
          <strong>{labelOf(policy)}</strong> <code>{`${policy.name} ${policy.version}`}</code>
          {policy.description ? (
            <div>
              <Coded text={policy.description} />
            </div>
          ) : null}
        </div>
      ),
    },
    { name: w.flows, cell: ({ applicableFlows = [] }) => applicableFlows.map((flow) => lanes.flows[flow]).join(', ') },
    { name: w.parameters, cell: ({ policyAttributes = [] }) => policyAttributes.map(({ name }) => name).join(', ') || '–' },
    {
      name: words.documents.actions,
      end: true,
      cell: (policy) => (isBuiltIn(policy) ? w.builtIn : <Own policy={policy}>{actions(policy)}</Own>),
    },
  ];
}

/** The specification of an organization's own policy, and the end of it. */
function Own({ policy, children }: { policy: OperationPolicyData; children: React.ReactNode }) {
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        component="a"
        href={`/api/am/publisher/v4/operation-policies/${policy.id}/content`}
        download
        aria-label={w.downloadOf(labelOf(policy))}
      >
        {words.definition.download}
      </Button>
      {children}
    </Group>
  );
}

/** What every API may use: the catalogue, and what the organization has added. */
export function SharedPoliciesPage() {
  const [search, setSearch] = useAddress<Listed>();
  const [isAdding, setAdding] = useState(false);
  const turn = useTurn(50);
  const policies = useQuery(getAllCommonOperationPoliciesOptions({ query: turn }));
  const refresh = useRefresh();
  const editing = useEditing<OperationPolicyData>({
    labels: (policy) => ({ remove: w.deleteOf(labelOf(policy)) }),
    removal: {
      title: (policy) => w.deleteTitle(labelOf(policy)),
      body: w.deleteBody,
      run: ({ id = '' }) => deleteCommonOperationPolicyByPolicyId({ path: { operationPolicyId: id } }).then(refresh),
      said: (policy) => w.deleted(labelOf(policy)),
    },
  });
  return (
    <>
      <PageHeader
        title={w.title}
        lead={w.lead}
        actions={
          <>
            <LinkButton variant="default" to={paths.scopes()}>
              {words.scopes.title}
            </LinkButton>
            <Button leftSection={<IconPlus size={17} />} onClick={() => setAdding(true)}>
              {w.add}
            </Button>
          </>
        }
      />
      <div style={{ marginBlock: '0 1rem' }}>
        <SearchBox label={w.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
      </div>
      <QueryView query={policies}>
        {({ list = [], pagination }) =>
          list.length === 0 ? (
            <NothingMatches onClear={() => setSearch({ query: '', offset: 0 })} />
          ) : (
            <>
              <ListTable label={w.title} columns={columnsOf(editing.actions)} rows={list} rowKey={({ id = '' }) => id} />
              <Pages limit={turn.limit} total={pagination?.total ?? list.length} />
            </>
          )
        }
      </QueryView>
      {editing.dialogs}
      {isAdding ? <PolicyCreate onClose={() => setAdding(false)} /> : null}
    </>
  );
}

/** A kind of the catalogue has its name for an id. */
const isBuiltIn = ({ id, name }: OperationPolicyData) => id === name;
