import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSubscriptionsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { deleteSubscription } from '../../client/devportal/sdk.gen';
import type { Subscription } from '../../client/devportal/types.gen';
import { SubscriptionBadge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { PlanChange } from '../forms/plan-change';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { waits } from '../waits';
import { words } from '../words';
import { Quota } from './quota';

const w = words.application;

interface Asked {
  what: 'plan' | 'leave';
  row: Subscription;
}

function columnsOf(ask: (asked: Asked) => void): Column<Subscription>[] {
  return [
    { name: w.api, cell: (row) => <TextLink to={paths.api(row.apiId ?? '')}>{labelOf(row)}</TextLink> },
    { name: w.plan, cell: (row) => <Plan row={row} /> },
    { name: words.quota.column, cell: (row) => <Quota subscription={row} /> },
    {
      name: w.state,
      cell: ({ status }) => <SubscriptionBadge state={status} />,
    },
    {
      name: w.actions,
      end: true,
      cell: (row) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button size="xs" variant="default" aria-label={words.quota.changeOf(labelOf(row))} onClick={() => ask({ what: 'plan', row })}>
            {words.quota.change}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={w.unsubscribeFrom(labelOf(row))}
            onClick={() => ask({ what: 'leave', row })}
          >
            {w.unsubscribe}
          </Button>
        </Group>
      ),
    },
  ];
}

function Plan({ row }: { row: Subscription }) {
  const isAsked = row.requestedThrottlingPolicy && row.requestedThrottlingPolicy !== row.throttlingPolicy;
  return (
    <>
      {row.throttlingPolicy}
      {isAsked ? (
        <Text size="sm" c="dimmed">
          {words.quota.pending(row.requestedThrottlingPolicy ?? '')}
        </Text>
      ) : null}
    </>
  );
}

/** The APIs that the application may call. */
export function Subscriptions({ applicationId }: { applicationId: string }) {
  const subscriptions = useQuery(getSubscriptionsOptions({ query: { applicationId, limit: 200 } }));
  const [asked, ask] = useState<Asked>();
  const refresh = useRefresh();
  const name = asked ? labelOf(asked.row) : '';
  return (
    <>
      <QueryView query={subscriptions}>
        {(page) =>
          page.list.length === 0 ? (
            <EmptyState
              title={w.noSubscription}
              help={w.noSubscriptionHelp}
              action={<LinkButton to={paths.catalogue()}>{w.findApi}</LinkButton>}
            />
          ) : (
            <ListTable label={w.subscriptions} columns={columnsOf(ask)} rows={page.list} rowKey={(row) => row.subscriptionId ?? ''} />
          )
        }
      </QueryView>
      {asked?.what === 'plan' ? <PlanChange subscription={asked.row} name={name} onClose={() => ask(undefined)} /> : null}
      {asked?.what === 'leave' ? (
        <Confirm
          title={w.unsubscribeTitle(name)}
          body={w.unsubscribeBody}
          action={w.unsubscribe}
          onConfirm={() =>
            deleteSubscription({ path: { subscriptionId: asked.row.subscriptionId ?? '' } }).then((answer) =>
              refresh().then(() => done(waits(answer) ? w.asked : w.unsubscribed(name))),
            )
          }
          onClose={() => ask(undefined)}
        />
      ) : null}
    </>
  );
}

function labelOf(subscription: Subscription): string {
  return `${subscription.apiInfo?.name ?? subscription.apiId} ${subscription.apiInfo?.version ?? ''}`.trim();
}
