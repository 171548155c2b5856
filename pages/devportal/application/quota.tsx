import '@mantine/core/styles/Progress.css';
import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getUsage } from '../../client/analytics/sdk.gen';
import { getThrottlingPoliciesOptions } from '../../client/devportal/@tanstack/react-query.gen';
import type { Subscription } from '../../client/devportal/types.gen';
import { period } from '../../kit/language';
import { words } from '../words';
import { windowOf } from './window';

const w = words.quota;

/** How much of a subscription's plan has been used in the window that runs now. */
export function Quota({ subscription }: { subscription: Subscription }) {
  const plans = useQuery({
    ...getThrottlingPoliciesOptions({ path: { policyLevel: 'subscription' }, query: { limit: 200 } }),
    staleTime: 300_000,
  });
  const plan = plans.data?.list.find(({ name }) => name === subscription.throttlingPolicy);
  const window = plan && windowOf(plan, Date.now());
  const { applicationId, apiId } = subscription;
  const usage = useQuery({
    queryKey: ['quota', applicationId, apiId, window?.from],
    queryFn: async () => {
      // The end lies ahead so that the bucket of this very moment is within.
      const query = { applicationId, apiId, from: String(window?.from), to: String(Date.now() + 60_000) };
      return (await getUsage({ query })).data;
    },
    enabled: window !== undefined,
    refetchInterval: 10_000,
  });
  if (plan && !window) return w.free;
  if (!window || !usage.data) return '–';
  // What was refused for being too much was not debited.
  const { requests = 0, throttled = 0 } = usage.data.list[0] ?? {};
  const used = requests - throttled;
  const share = Math.min(100, (used / window.quota) * 100);
  const said = `${w.of(used, window.quota)} ${w.within(period(window.length, window.unit))}`;
  return (
    <div style={{ minWidth: '9rem' }}>
      <Text size="sm">{said}</Text>
      <Progress value={share} size="sm" mt={4} color={share >= 90 ? 'red' : 'patina'} aria-label={`${w.column}: ${said}`} />
    </div>
  );
}
