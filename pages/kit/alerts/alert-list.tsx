import { Button, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAlertRulesOptions, getAlertsOptions } from '../../client/alerts/@tanstack/react-query.gen';
import type { Alert } from '../../client/alerts/types.gen';
import { Coded, uncoded } from '../coded';
import { EmptyState } from '../empty-state';
import { ago, moment } from '../format';
import { type Column, ListTable, Pages } from '../list-table';
import { ROWS, useTurn } from '../listed';
import { QueryView } from '../query-view';
import { Deliveries } from './deliveries';
import { type AlertScope, isAbout } from './scope';
import { words as w } from './words';

/** Alerts that are open, or that are over. */
export function AlertList({ scope, state }: { scope: AlertScope; state: 'open' | 'resolved' }) {
  const { limit, offset } = useTurn();
  const [opened, open] = useState<Alert>();
  const isPart = scope.apiId !== undefined || scope.applicationId !== undefined;
  // The platform does not tell the alerts of one API from others: a part of them is chosen here.
  const query = isPart ? { state, limit: MOST } : { state, limit, offset };
  const alerts = useQuery({ ...getAlertsOptions({ query }), placeholderData: keepPreviousData, refetchInterval: 60_000 });
  const rules = useQuery({ ...getAlertRulesOptions(), enabled: isPart }).data?.list ?? [];
  const label = state === 'open' ? w.views.open : w.views.past;
  return (
    <>
      <QueryView query={alerts}>
        {({ list, count, pagination }) => {
          const ours = isPart ? list.filter((alert) => isOurs(alert)) : list;
          if (ours.length === 0 && offset === 0) return <Nothing state={state} />;
          return (
            <div>
              <ListTable
                label={label}
                columns={columnsOf(state, open)}
                rows={isPart ? ours.slice(offset, offset + ROWS) : ours}
                rowKey={({ id = '' }) => id}
              />
              <Pages total={isPart ? ours.length : (pagination?.total ?? count)} />
            </div>
          );
        }}
      </QueryView>
      {opened ? <Deliveries alert={opened} onClose={() => open(undefined)} /> : null}
    </>
  );

  /** A rule about every API finds things of others, too. */
  function isOurs({ ruleId, cause = '' }: Alert): boolean {
    const rule = rules.find(({ id }) => id === ruleId);
    if (!rule || !isAbout(scope, rule)) return false;
    return scope.apiId === undefined || rule.apiId === scope.apiId || cause.includes(scope.apiId);
  }
}

function columnsOf(state: 'open' | 'resolved', open: (alert: Alert) => void): Column<Alert>[] {
  const last: Column<Alert> =
    state === 'open'
      ? { name: w.lastSeen, cell: ({ lastSeenAt }) => ago(lastSeenAt) }
      : { name: w.resolved, cell: ({ resolvedAt }) => moment(resolvedAt) };
  return [
    { name: w.what, cell: ({ summary = '' }) => <Coded text={sentence(summary)} /> },
    { name: w.rule, cell: ({ ruleName, kind }) => <Rule name={ruleName} kind={kind} /> },
    { name: w.since, cell: ({ openedAt }) => (state === 'open' ? ago(openedAt) : moment(openedAt)) },
    last,
    {
      name: w.actions,
      end: true,
      cell: (alert) => (
        <Button size="xs" variant="default" aria-label={w.deliveriesOf(uncoded(alert.summary ?? ''))} onClick={() => open(alert)}>
          {w.deliveries}
        </Button>
      ),
    },
  ];
}

function Rule({ name, kind }: { name?: string; kind?: Alert['kind'] }) {
  return (
    <div>
      <strong>{name}</strong>
      <Text size="sm" c="dimmed">
        {kind ? w.kinds[kind] : null}
      </Text>
    </div>
  );
}

function Nothing({ state }: { state: 'open' | 'resolved' }) {
  return state === 'open' ? (
    <EmptyState title={w.noneOpen} help={w.noneOpenHelp} />
  ) : (
    <EmptyState title={w.nonePast} help={w.nonePastHelp} />
  );
}

/** The platform writes what was found in lower case, for messages. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Alerts of one state that a part is chosen from. */
const MOST = 100;
