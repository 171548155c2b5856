import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getGovernancePoliciesOptions, getRulesetsOptions } from '../../client/governance/@tanstack/react-query.gen';
import { deleteGovernancePolicy } from '../../client/governance/sdk.gen';
import type { ApimGovernancePolicy, PolicyAdherenceStatus } from '../../client/governance/types.gen';
import { Badge } from '../../kit/badges';
import { useEditing } from '../../kit/editing';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { GovernancePolicyEdit } from '../forms/governance-policy-edit';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.governance;

/** Which rulesets hold for which APIs, and at which steps of their lives. */
export function PoliciesPanel({ adherence }: { adherence: PolicyAdherenceStatus[] }) {
  const policies = useQuery(getGovernancePoliciesOptions({ query: { limit: 100 } }));
  const rulesets = useQuery(getRulesetsOptions({ query: { limit: 100 } })).data?.list ?? [];
  const refresh = useRefresh();
  const editing = useEditing<ApimGovernancePolicy>({
    form: (policy, onClose) => <GovernancePolicyEdit policy={policy} rulesets={rulesets} onClose={onClose} />,
    labels: ({ name }) => ({ edit: words.policies.edit(name), remove: words.policies.remove(name) }),
    removal: {
      title: ({ name }) => words.policies.deleteTitle(name),
      body: w.policyDeleteBody,
      run: ({ id = '' }) => deleteGovernancePolicy({ path: { policyId: id } }).then(refresh),
      said: ({ name }) => words.policies.deleted(name),
    },
  });
  const rulesetName = (id: string) => rulesets.find((ruleset) => ruleset.id === id)?.name ?? id;
  const columns: Column<ApimGovernancePolicy>[] = [
    { name: words.policies.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.rulesets, cell: (policy) => policy.rulesets.map(rulesetName).join(', ') },
    { name: w.steps, cell: ({ governableStates }) => governableStates.map((state) => w.stepNames[state]).join(', ') },
    { name: w.followed, cell: ({ id }) => <Standing status={adherence.find((one) => one.id === id)?.status} /> },
    { name: words.policies.actions, end: true, cell: editing.actions },
  ];
  return (
    <Panel
      title={w.policies}
      help={w.policiesHelp}
      actions={
        <Button
          size="xs"
          leftSection={<IconPlus size={15} />}
          disabled={rulesets.length === 0}
          title={rulesets.length === 0 ? w.rulesetFirst : undefined}
          onClick={editing.create}
        >
          {w.newPolicy}
        </Button>
      }
    >
      <QueryView query={policies}>
        {({ list = [] }) =>
          list.length === 0 ? (
            <Text c="dimmed">{w.noPolicies}</Text>
          ) : (
            <ListTable label={w.policies} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
          )
        }
      </QueryView>
      {editing.dialogs}
    </Panel>
  );
}

function Standing({ status = 'UNAPPLIED' }: { status?: PolicyAdherenceStatus['status'] }) {
  return <Badge label={w.standings[status]} tone={TONES[status]} />;
}

const TONES = { FOLLOWED: 'good', VIOLATED: 'bad', UNAPPLIED: 'calm' } as const;
