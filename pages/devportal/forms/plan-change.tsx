import { Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getApiOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { updateSubscription } from '../../client/devportal/sdk.gen';
import type { Subscription } from '../../client/devportal/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../use-api';
import { words } from '../words';

/** Another plan for a subscription; some platforms have an administrator decide. */
export function PlanChange({ subscription, name, onClose }: { subscription: Subscription; name: string; onClose: () => void }) {
  const w = words.quota;
  const apiId = subscription.apiId ?? '';
  const api = useQuery(getApiOptions({ path: { apiId } }));
  const [plan, setPlan] = useState(subscription.requestedThrottlingPolicy || subscription.throttlingPolicy);
  const refresh = useRefresh();
  const changed = useMutation({
    mutationFn: async () => {
      const { subscriptionId = '', applicationId, throttlingPolicy } = subscription;
      const body = { applicationId, apiId, throttlingPolicy, requestedThrottlingPolicy: plan };
      return (await updateSubscription({ path: { subscriptionId }, body })).data;
    },
    onSuccess: async (answer) => {
      await refresh();
      done(answer.status === 'TIER_UPDATE_PENDING' ? w.asked(name) : w.changed(name));
      onClose();
    },
  });
  const plans = (api.data?.tiers ?? []).map(({ tierName }) => tierName ?? '');
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.changeTitle(name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          changed.mutate();
        }}
      >
        <Stack gap="md">
          {changed.isError ? <ProblemView thrown={changed.error} /> : null}
          <Select label={w.plan} data={[...new Set([plan, ...plans])]} value={plan} onChange={(next) => setPlan(next ?? plan)} />
          <FormFoot action={w.change} isPending={changed.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
