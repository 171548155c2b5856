import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getComplianceStatusListOfApisOptions } from '../../client/governance/@tanstack/react-query.gen';
import { getPolicyAdherenceForAllPolicies } from '../../client/governance/sdk.gen';
import type { ArtifactComplianceStatus } from '../../client/governance/types.gen';
import { Badge } from '../../kit/badges';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { PoliciesPanel } from '../governance/policies-panel';
import { RulesetsPanel } from '../governance/rulesets-panel';
import { words } from '../words';

const w = words.governance;

/** The rules that APIs are held to: what they are, where they hold, and who keeps to them. */
export function GovernancePage() {
  const compliance = useQuery(getComplianceStatusListOfApisOptions({ query: { limit: MOST } }));
  // Asking for APIs has them looked at; how policies stand is known after that.
  const adherence = useQuery({
    queryKey: ['policy-adherence', compliance.dataUpdatedAt],
    queryFn: async () => (await getPolicyAdherenceForAllPolicies({ query: { limit: MOST } })).data,
    enabled: compliance.isSuccess,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} />
      <Panels>
        <RulesetsPanel />
        <PoliciesPanel adherence={adherence.data?.list ?? []} />
        <Panel title={w.apis} help={w.apisHelp}>
          <QueryView query={compliance}>
            {({ list = [] }) =>
              list.length === 0 ? (
                <Text c="dimmed">{w.noApis}</Text>
              ) : (
                <ListTable label={w.apis} columns={COLUMNS} rows={list} rowKey={({ id = '' }) => id} />
              )
            }
          </QueryView>
        </Panel>
      </Panels>
    </>
  );
}

const COLUMNS: Column<ArtifactComplianceStatus>[] = [
  { name: w.api, cell: ({ info }) => <strong>{`${info?.name} ${info?.version}`}</strong> },
  { name: w.owner, cell: ({ info }) => info?.owner },
  { name: w.state, cell: ({ status = 'PENDING' }) => <Badge label={w.states[status]} tone={TONES[status]} /> },
  { name: w.broken, cell: brokenOf, end: true },
];

function brokenOf({ severityBasedRuleViolationSummary = [] }: ArtifactComplianceStatus): string {
  const found = severityBasedRuleViolationSummary.filter(({ violatedRulesCount = 0 }) => violatedRulesCount > 0);
  return found.map(({ severity = 'INFO', violatedRulesCount }) => `${w.severities[severity]}: ${violatedRulesCount}`).join(', ') || '–';
}

const TONES = { COMPLIANT: 'good', 'NON-COMPLIANT': 'bad', 'NOT-APPLICABLE': 'calm', PENDING: 'warm' } as const;
const MOST = 100;
