import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSubscriptionsOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { blockSubscription, unBlockSubscription } from '../../client/publisher/sdk.gen';
import type { Subscription } from '../../client/publisher/types.gen';
import { SubscriptionBadge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { SubscriberEdit } from '../forms/subscriber-edit';
import { useSubjectPlace } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

interface Asked {
  what: 'block' | 'edit';
  row: Subscription;
}

function columnsOf(ask: (asked: Asked) => void): Column<Subscription>[] {
  return [
    { name: words.subscribers.application, cell: (row) => <strong>{row.applicationInfo.name}</strong> },
    { name: words.subscribers.owner, cell: (row) => row.applicationInfo.subscriber ?? '–' },
    { name: words.subscribers.plan, cell: (row) => row.throttlingPolicy },
    {
      name: words.subscribers.state,
      cell: ({ subscriptionStatus: state }) => <SubscriptionBadge state={state} />,
    },
    { name: words.subscribers.actions, end: true, cell: (row) => <Actions row={row} ask={ask} /> },
  ];
}

function Actions({ row, ask }: { row: Subscription; ask: (asked: Asked) => void }) {
  const name = row.applicationInfo.name ?? '';
  if (!IN_FORCE.includes(row.subscriptionStatus)) return '–';
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" aria-label={words.subscriber.changeOf(name)} onClick={() => ask({ what: 'edit', row })}>
        {words.subscriber.change}
      </Button>
      <BlockButton row={row} onBlock={() => ask({ what: 'block', row })} />
    </Group>
  );
}

function BlockButton({ row, onBlock }: { row: Subscription; onBlock: () => void }) {
  const refresh = useRefresh();
  const name = row.applicationInfo.name ?? '';
  const unblocked = useMutation({
    mutationFn: () => unBlockSubscription({ query: { subscriptionId: row.subscriptionId } }),
    onSuccess: () => refresh().then(() => done(words.subscribers.unblocked(name))),
    onError: refused,
  });
  if (row.subscriptionStatus !== 'BLOCKED') {
    return (
      <Button size="xs" variant="subtle" color="red" aria-label={words.subscribers.blockOf(name)} onClick={onBlock}>
        {words.subscribers.block}
      </Button>
    );
  }
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={words.subscribers.unblockOf(name)}
      loading={unblocked.isPending}
      onClick={() => unblocked.mutate()}
    >
      {words.subscribers.unblock}
    </Button>
  );
}

export function SubscribersPage() {
  const { id } = useSubjectPlace();
  const refresh = useRefresh();
  const { limit, offset } = useTurn();
  const [asked, ask] = useState<Asked>();
  const subscriptions = useQuery(getSubscriptionsOptions({ query: { apiId: id, limit, offset } }));
  const name = asked?.row.applicationInfo.name ?? '';
  return (
    <>
      <ApiHeading title={words.subscribers.title} lead={words.subscribers.lead} />
      <QueryView query={subscriptions}>
        {(page) =>
          page.list.length === 0 ? (
            <EmptyState title={words.subscribers.emptyTitle} help={words.subscribers.emptyHelp} />
          ) : (
            <>
              <ListTable label={words.subscribers.title} columns={columnsOf(ask)} rows={page.list} rowKey={(row) => row.subscriptionId} />
              <Pages total={page.pagination?.total ?? page.count} />
            </>
          )
        }
      </QueryView>
      {asked?.what === 'edit' ? <SubscriberEdit subscription={asked.row} onClose={() => ask(undefined)} /> : null}
      {asked?.what === 'block' ? (
        <Confirm
          title={words.subscribers.blockTitle(name)}
          body={words.subscribers.blockBody}
          action={words.subscribers.block}
          onConfirm={() =>
            blockSubscription({ query: { subscriptionId: asked.row.subscriptionId, blockState: 'BLOCKED' } })
              .then(refresh)
              .then(() => done(words.subscribers.blocked(name)))
          }
          onClose={() => ask(undefined)}
        />
      ) : null}
    </>
  );
}

/** The states in which the platform lets a subscription be changed; the others wait for a decision, or had one. */
const IN_FORCE = ['UNBLOCKED', 'BLOCKED', 'PROD_ONLY_BLOCKED', 'DELETE_PENDING'];
