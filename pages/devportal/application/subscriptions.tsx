import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSubscriptionsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { deleteSubscription } from '../../client/devportal/sdk.gen';
import type { Subscription } from '../../client/devportal/types.gen';
import { Badge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.application;

function columnsOf(ask: (subscription: Subscription) => void): Column<Subscription>[] {
  return [
    { name: w.api, cell: (row) => <TextLink to={paths.api(row.apiId ?? '')}>{labelOf(row)}</TextLink> },
    { name: w.plan, cell: (row) => row.throttlingPolicy },
    {
      name: w.state,
      cell: (row) => <Badge tone={row.status === 'UNBLOCKED' ? 'good' : 'warm'} label={w.states[row.status ?? ''] ?? row.status ?? ''} />,
    },
    {
      name: w.actions,
      end: true,
      cell: (row) => (
        <Button size="xs" variant="subtle" color="red" aria-label={w.unsubscribeFrom(labelOf(row))} onClick={() => ask(row)}>
          {w.unsubscribe}
        </Button>
      ),
    },
  ];
}

/** The APIs that the application may call. */
export function Subscriptions({ applicationId }: { applicationId: string }) {
  const subscriptions = useQuery(getSubscriptionsOptions({ query: { applicationId, limit: 200 } }));
  const [asked, ask] = useState<Subscription>();
  const refresh = useRefresh();
  const name = asked ? labelOf(asked) : '';
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
      {asked ? (
        <Confirm
          title={w.unsubscribeTitle(name)}
          body={w.unsubscribeBody}
          action={w.unsubscribe}
          onConfirm={() =>
            deleteSubscription({ path: { subscriptionId: asked.subscriptionId ?? '' } })
              .then(refresh)
              .then(() => done(w.unsubscribed(name)))
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
