import { Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getAlertDeliveriesOptions, getAlertWebhooksOptions } from '../../client/alerts/@tanstack/react-query.gen';
import type { Alert, Delivery } from '../../client/alerts/types.gen';
import { Badge } from '../badges';
import { Coded } from '../coded';
import { ago, moment } from '../format';
import { type Column, ListTable } from '../list-table';
import { QueryView } from '../query-view';
import { words as kit } from '../words';
import { words as w } from './words';

/** Who was told of an alert, who is still to be told, and who could not be. */
export function Deliveries({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const deliveries = useQuery({ ...getAlertDeliveriesOptions({ path: { alertId: alert.id ?? '' } }), refetchInterval: 10_000 });
  const webhooks = useQuery(getAlertWebhooksOptions()).data?.list ?? [];
  const columns: Column<Delivery>[] = [
    { name: w.channel, cell: ({ channel }) => (channel ? w.channels[channel] : '–') },
    { name: w.target, cell: ({ target = '' }) => webhooks.find(({ id }) => id === target)?.name ?? <code>{target}</code> },
    { name: w.subject, cell: ({ subject }) => subject },
    { name: w.outcome, cell: (delivery) => <Outcome delivery={delivery} /> },
    { name: w.when, cell: ({ deliveredAt, createdAt }) => moment(deliveredAt ?? createdAt) },
  ];
  return (
    <Modal opened size="xl" onClose={onClose} title={<Text fw={600}>{w.deliveries}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <Stack gap="md">
        <Text size="sm">
          <Coded text={alert.summary ?? ''} />
        </Text>
        <QueryView query={deliveries}>
          {({ list }) =>
            list.length === 0 ? (
              <Text c="dimmed">{w.nobodyTold}</Text>
            ) : (
              <ListTable label={w.deliveries} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
            )
          }
        </QueryView>
      </Stack>
    </Modal>
  );
}

function Outcome({ delivery: { state = 'waiting', failedAttempts = 0, fault, nextAttemptAt } }: { delivery: Delivery }) {
  return (
    <Stack gap={4} align="start">
      <Badge tone={TONES[state]} label={w.outcomes[state]} />
      {failedAttempts > 0 ? <Text size="xs">{w.attempts(failedAttempts)}</Text> : null}
      {fault ? (
        <Text size="xs" c="var(--mantine-color-error)">
          <Coded text={fault} />
        </Text>
      ) : null}
      {state === 'waiting' && nextAttemptAt ? <Text size="xs">{w.nextAttempt(ago(nextAttemptAt))}</Text> : null}
    </Stack>
  );
}

const TONES = { waiting: 'warm', delivered: 'good', failed: 'bad' } as const;
