import { Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getAuditLogOptions, getSigningKeysOptions, getWorkflowsOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { AuditEntry } from '../../client/admin/types.gen';
import { getUsageOptions } from '../../client/analytics/@tanstack/react-query.gen';
import { subjectOf } from '../../kit/audit/subject';
import { words as log } from '../../kit/audit/words';
import { Badge } from '../../kit/badges';
import { ago } from '../../kit/format';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { Facts, PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { spanOf } from '../../kit/time-range';
import { UsageFigures } from '../../kit/usage-view';
import { paths } from '../paths';
import { SERVICES, type ServiceName, serviceOptions } from '../services';
import { words } from '../words';

const w = words.dashboard;

/** What an administrator looks at first. */
export function DashboardPage() {
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} />
      <Panels>
        <Panels halves>
          <Waiting />
          <Services />
        </Panels>
        <LastDay />
        <LatestChanges />
      </Panels>
    </>
  );
}

function Waiting() {
  const tasks = useQuery(getWorkflowsOptions({ query: { limit: 100 } }));
  return (
    <Panel title={w.waiting}>
      <QueryView query={tasks}>
        {({ list = [] }) =>
          list.length === 0 ? <Text c="dimmed">{w.nothing}</Text> : <LinkButton to={paths.approvals()}>{w.tasks(list.length)}</LinkButton>
        }
      </QueryView>
    </Panel>
  );
}

function Services() {
  const names = Object.keys(SERVICES) as ServiceName[];
  const asked = useQueries({ queries: names.map(serviceOptions) });
  const keys = useQuery(getSigningKeysOptions());
  const signing = keys.data?.list.find(({ state }) => state === 'SIGNING');
  const facts = names.map((name, index): [string, React.ReactNode] => {
    const { data, isError } = asked[index] ?? {};
    if (isError) return [w[name], <Badge key={name} tone="bad" label={w.silent} />];
    return [w[name], data === undefined ? w.asking : <Badge key={name} tone="good" label={w.answers(data)} />];
  });
  return (
    <Panel title={w.services} help={w.servicesHelp}>
      <Facts
        facts={signing ? [...facts, [w.signing, w.signingSince(signing.keyId, ago(signing.signingFrom ?? signing.publishedAt))]] : facts}
      />
    </Panel>
  );
}

function LastDay() {
  const { from, to } = spanOf('day', Math.floor(Date.now() / 60_000) * 60_000);
  const usage = useQuery(getUsageOptions({ query: { from, to } }));
  return (
    <Panel title={w.day} help={w.byApi}>
      <QueryView query={usage}>
        {({ list }) => (list[0]?.requests ? <UsageFigures total={list[0]} /> : <Text c="dimmed">{w.noCalls}</Text>)}
      </QueryView>
    </Panel>
  );
}

const COLUMNS: Column<AuditEntry>[] = [
  { name: log.action, cell: ({ action }) => <code>{action}</code> },
  { name: log.subject, cell: subjectOf },
  { name: log.actor, cell: ({ actor }) => actor || log.client },
  { name: log.when, cell: ({ time }) => ago(time), end: true },
];

function LatestChanges() {
  const entries = useQuery(getAuditLogOptions({ query: { limit: 6 } }));
  return (
    <Panel title={w.changes} actions={<TextLink to={paths.audit()}>{w.allChanges}</TextLink>}>
      <QueryView query={entries}>
        {({ list = [] }) =>
          list.length === 0 ? (
            <Text c="dimmed">{log.emptyTitle}</Text>
          ) : (
            <ListTable label={w.changes} columns={COLUMNS} rows={list} rowKey={({ id }) => String(id)} />
          )
        }
      </QueryView>
    </Panel>
  );
}
