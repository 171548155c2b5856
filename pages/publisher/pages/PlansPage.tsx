import { Button, Checkbox, Group, Select, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllThrottlingPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { updateApi } from '../../client/publisher/sdk.gen';
import type { ThrottlingPolicy } from '../../client/publisher/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { ApiHeading } from '../api-heading';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

export function PlansPage() {
  const api = useApi();
  const refresh = useRefresh();
  useHold();
  const plans = useQuery(getAllThrottlingPoliciesOptions({ path: { policyLevel: 'subscription' }, query: { limit: 100 } }));
  const limits = useQuery(getAllThrottlingPoliciesOptions({ path: { policyLevel: 'api' }, query: { limit: 100 } }));
  const [chosen, setChosen] = useState(api.policies ?? []);
  const [whole, setWhole] = useState(api.apiThrottlingPolicy ?? '');
  const saved = useMutation({
    mutationFn: () => updateApi({ path: { apiId: api.id ?? '' }, body: { ...api, policies: chosen, apiThrottlingPolicy: whole || null } }),
    onSuccess: async () => {
      await refresh();
      done(words.plans.saved);
    },
  });
  const isChanged = chosen.join() !== (api.policies ?? []).join() || whole !== (api.apiThrottlingPolicy ?? '');
  return (
    <>
      <ApiHeading title={words.plans.title} lead={words.plans.lead} />
      <Panels>
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <QueryView query={plans}>
          {(page) => (
            <Panel>
              <Checkbox.Group label={words.plans.chosen} value={chosen} onChange={setChosen}>
                <Stack gap="md" mt="md">
                  {page.list
                    .filter((plan) => isOffered(plan) || chosen.includes(plan.name))
                    .map((plan) => (
                      <Checkbox key={plan.name} value={plan.name} label={plan.displayName || plan.name} description={rateOf(plan)} />
                    ))}
                </Stack>
              </Checkbox.Group>
            </Panel>
          )}
        </QueryView>
        <Panel>
          <Select
            label={words.plans.whole}
            description={words.plans.wholeHelp}
            data={[
              { value: '', label: words.plans.noLimit },
              ...(limits.data?.list ?? []).map((limit) => ({
                value: limit.name,
                label: `${limit.displayName || limit.name}: ${rateOf(limit)}`,
              })),
            ]}
            value={whole}
            onChange={(next) => setWhole(next ?? '')}
            maw={420}
          />
        </Panel>
        <Group>
          <Button disabled={!isChanged} loading={saved.isPending} onClick={() => saved.mutate()}>
            {words.plans.save}
          </Button>
        </Group>
      </Panels>
    </>
  );
}

/** Plans that count requests or data; those of events and tokens belong to other kinds of API. */
function isOffered(plan: ThrottlingPolicy): boolean {
  const countsCalls = plan.quotaPolicyType === 'REQUESTCOUNT' || plan.quotaPolicyType === 'BANDWIDTHVOLUME';
  return countsCalls && !INTERNAL.includes(plan.name);
}

function rateOf(plan: ThrottlingPolicy): string {
  const unit = UNITS[plan.timeUnit ?? ''] ?? plan.timeUnit ?? 'minute';
  return words.plans.rate(plan.requestCount, plan.unitTime, unit);
}

const UNITS: Record<string, string> = { sec: 'second', min: 'minute', hour: 'hour', day: 'day', days: 'day', week: 'week', month: 'month' };
/** Plans that the gateway applies by itself. */
const INTERNAL = ['Unauthenticated', 'DefaultSubscriptionless'];
