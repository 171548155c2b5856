import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { getAllThrottlingPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { createApiProduct } from '../../client/publisher/sdk.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { paths } from '../paths';
import { apisOf, type Chosen } from '../products';
import { addressOf, useRefresh } from '../use-api';
import { words } from '../words';
import { OperationsChoice } from './operations-choice';

const w = words.products;

/** A name, and the operations that it stands for. */
export function ProductCreate({ apis }: { apis: ApiInfo[] }) {
  const [chosen, setChosen] = useState<Chosen>({});
  const [isLacking, setLacking] = useState(false);
  const refresh = useRefresh();
  const navigate = useNavigate();
  const plans = useQuery(getAllThrottlingPoliciesOptions({ path: { policyLevel: 'subscription' }, query: { limit: 100 } }));
  const form = useForm({ initialValues: START, validate: RULES, onSubmitPreventDefault: 'always' });
  const created = useMutation({
    mutationFn: async (values: typeof START) => {
      const { data } = await createApiProduct({ body: { ...values, securityScheme: SECURITY, apis: apisOf(chosen) } });
      return data;
    },
    onSuccess: async ({ id = '', name }) => {
      await refresh();
      await navigate({ to: paths.product(id) });
      done(w.created(name));
    },
  });
  function submit(values: typeof START) {
    const isNone = apisOf(chosen).length === 0;
    setLacking(isNone);
    if (!isNone) created.mutate(values);
  }
  const offered = (plans.data?.list ?? []).filter(({ name }) => PLANS.includes(name));
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Panels>
        {created.isError ? <ProblemView thrown={created.error} /> : null}
        <Panel>
          <Stack gap="md">
            <Group grow preventGrowOverflow={false} align="start" gap="md">
              <TextInput label={w.name} required {...form.getInputProps('name')} style={{ minWidth: '12rem' }} />
              <TextInput label={w.version} required {...form.getInputProps('version')} style={{ minWidth: '8rem' }} />
            </Group>
            <TextInput
              label={w.context}
              description={w.contextHelp(addressOf(form.values))}
              required
              autoCapitalize="none"
              {...form.getInputProps('context')}
            />
            <Checkbox.Group label={w.plans} {...form.getInputProps('policies')}>
              <Group gap="lg" mt="xs">
                {offered.map(({ name, displayName }) => (
                  <Checkbox key={name} value={name} label={displayName || name} />
                ))}
              </Group>
            </Checkbox.Group>
          </Stack>
        </Panel>
        <Panel title={w.operations} help={w.choose}>
          <OperationsChoice
            apis={apis}
            chosen={chosen}
            onChange={setChosen}
            error={isLacking && apisOf(chosen).length === 0 ? w.operationNeeded : undefined}
          />
        </Panel>
        <Group>
          <Button type="submit" size="md" loading={created.isPending}>
            {w.create}
          </Button>
        </Group>
      </Panels>
    </form>
  );
}

const START = { name: '', version: '1.0.0', context: '/', policies: ['Unlimited'] };
const RULES = {
  name: (value: string) => (value.trim() === '' ? w.needed : null),
  version: (value: string) => (value.trim() === '' ? w.needed : null),
  context: (value: string) => (/^\/[^\s]+$/.test(value) ? null : w.contextRule),
};
const SECURITY = ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'];
const PLANS = ['Unlimited', 'Gold', 'Silver', 'Bronze'];
