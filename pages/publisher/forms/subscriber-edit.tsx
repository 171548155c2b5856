import { Modal, Radio, Select, Stack, Text } from '@mantine/core';
import '@mantine/core/styles/Radio.css';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { blockSubscription, changeSubscriptionBusinessPlan, unBlockSubscription } from '../../client/publisher/sdk.gen';
import type { Subscription } from '../../client/publisher/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useSubject } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

interface Values {
  plan: string;
  state: string;
}

/** Another plan for a subscriber, and how far its keys reach. */
export function SubscriberEdit({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const { plans } = useSubject();
  const refresh = useRefresh();
  const w = words.subscriber;
  const name = subscription.applicationInfo.name ?? '';
  const plan = subscription.throttlingPolicy;
  const form = useForm<Values>({ initialValues: { plan, state: subscription.subscriptionStatus }, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: Values) => save(subscription, values),
    onSuccess: async () => {
      await refresh();
      done(w.saved(name));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.title(name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <Select label={w.plan} data={[...new Set([plan, ...plans])]} {...form.getInputProps('plan')} />
          <Radio.Group label={w.may} {...form.getInputProps('state')}>
            <Stack gap="xs" mt="xs">
              {Object.entries(w.states).map(([value, label]) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          <FormFoot action={kit.save} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

async function save({ subscriptionId, throttlingPolicy, subscriptionStatus }: Subscription, { plan, state }: Values) {
  if (plan !== throttlingPolicy) await changeSubscriptionBusinessPlan({ query: { subscriptionId, businessPlan: plan } });
  if (state === subscriptionStatus) return;
  if (state === 'UNBLOCKED') await unBlockSubscription({ query: { subscriptionId } });
  else await blockSubscription({ query: { subscriptionId, blockState: state as 'BLOCKED' } });
}
