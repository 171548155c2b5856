import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getComplianceByApiIdOptions, getRulesetValidationResultsByApiIdOptions } from '../../client/governance/@tanstack/react-query.gen';
import type { ArtifactComplianceDetails, RuleValidationResult } from '../../client/governance/types.gen';
import { Badge } from '../../kit/badges';
import { Coded } from '../../kit/coded';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { ApiHeading } from '../api-heading';
import { useApiId } from '../use-api';
import { words } from '../words';

const w = words.compliance;

/** How an API keeps to the rules of its organization; asking for it has it looked at. */
export function CompliancePage() {
  const compliance = useQuery(getComplianceByApiIdOptions({ path: { apiId: useApiId() } }));
  return (
    <>
      <ApiHeading title={w.title} lead={w.lead} />
      <QueryView query={compliance}>{(found) => <Found found={found} />}</QueryView>
    </>
  );
}

function Found({ found }: { found: ArtifactComplianceDetails }) {
  const rulesets = rulesetsOf(found);
  const status = found.status ?? 'PENDING';
  if (rulesets.length === 0) return <EmptyState title={w.noneTitle} help={w.noneHelp} />;
  return (
    <Panels>
      <Panel title={w.state} actions={<Badge label={w.states[status]} tone={TONES[status]} />} help={policiesOf(found)}>
        {null}
      </Panel>
      {rulesets.map((ruleset) => (
        <Ruleset key={ruleset.id} {...ruleset} />
      ))}
    </Panels>
  );
}

interface RulesetProps {
  id: string;
  name: string;
  outcome: string;
}

function Ruleset({ id, name, outcome }: RulesetProps) {
  const results = useQuery(getRulesetValidationResultsByApiIdOptions({ path: { apiId: useApiId(), rulesetId: id } }));
  return (
    <Panel title={name} actions={<Badge label={w.outcomes[outcome] ?? outcome} tone={OUTCOMES[outcome] ?? 'calm'} />}>
      <QueryView query={results}>
        {({ violatedRules = [], followedRules = [] }) => (
          <Stack gap="sm">
            {violatedRules.length > 0 ? (
              <>
                <Text>{w.broken(new Set(violatedRules.map((rule) => rule.name)).size)}</Text>
                <ListTable
                  label={name}
                  columns={COLUMNS}
                  rows={violatedRules}
                  rowKey={(rule) => `${rule.name} ${rule.violatedPath?.path} ${rule.message}`}
                />
              </>
            ) : null}
            <Text c="dimmed">{w.kept(followedRules.length)}</Text>
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}

const COLUMNS: Column<RuleValidationResult>[] = [
  { name: w.rule, cell: ({ name }) => <code>{name}</code> },
  {
    name: w.severity,
    cell: ({ severity = '' }) => <Badge label={w.severities[severity] ?? severity} tone={SEVERITIES[severity] ?? 'calm'} />,
  },
  { name: w.message, cell: ({ message = '' }) => <Coded text={message} /> },
  { name: w.place, cell: ({ violatedPath }) => <code>{violatedPath?.path || '$'}</code> },
];

/** Each ruleset once, whichever policies ask for it. */
function rulesetsOf({ governedPolicies = [] }: ArtifactComplianceDetails): RulesetProps[] {
  const all = governedPolicies.flatMap(({ rulesetValidationResults = [] }) => rulesetValidationResults);
  const named = all.map(({ id = '', name = '', status = 'UNAPPLIED' }) => [id, { id, name, outcome: status }] as const);
  return [...new Map(named).values()];
}

function policiesOf({ governedPolicies = [] }: ArtifactComplianceDetails): string {
  return `${w.policiesOf}: ${governedPolicies.map(({ name }) => name).join(', ')}`;
}

const TONES = { COMPLIANT: 'good', 'NON-COMPLIANT': 'bad', 'NOT-APPLICABLE': 'calm', PENDING: 'warm' } as const;
const OUTCOMES: Record<string, 'good' | 'bad' | 'calm'> = { PASSED: 'good', FAILED: 'bad', UNAPPLIED: 'calm' };
const SEVERITIES: Record<string, 'bad' | 'warm' | 'cool'> = { ERROR: 'bad', WARN: 'warm', INFO: 'cool' };
