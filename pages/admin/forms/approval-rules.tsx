import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportTenantConfigOptions } from '../../client/admin/@tanstack/react-query.gen';
import { exportTenantConfig, updateTenantConfig } from '../../client/admin/sdk.gen';
import type { TenantConfig } from '../../client/admin/types.gen';
import { getAlertWebhooksOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { WebhookCreate } from '../../kit/alerts/webhook-create';
import { words as alerts } from '../../kit/alerts/words';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { useRefresh } from '../policies';
import { words } from '../words';

type Workflows = NonNullable<TenantConfig['Workflows']>;
type Step = keyof typeof w.steps;
const w = words.approvals;

/** Who decides about which step: nobody, an administrator, or somebody outside who is told by a webhook. */
export function ApprovalRules() {
  const config = useQuery(exportTenantConfigOptions());
  const webhooks = useQuery(getAlertWebhooksOptions());
  const [isAdding, setAdding] = useState(false);
  const refresh = useRefresh();
  const saved = useMutation({
    mutationFn: async (change: Partial<Workflows>) => {
      const { data } = await exportTenantConfig();
      return updateTenantConfig({ body: { ...data, Workflows: withoutEmpty({ ...data.Workflows, ...change }) } });
    },
    onSuccess: () => refresh().then(() => done(w.rulesSaved)),
    onError: refused,
  });
  const known = webhooks.data?.list ?? [];
  return (
    <Panel title={w.rules} help={w.rulesHelp}>
      <QueryView query={config}>
        {({ Workflows: kept = {} }) => {
          const shown: Workflows = { ...kept, ...(saved.isPending ? saved.variables : {}) };
          return (
            <Stack gap="sm" maw="34rem">
              {STEPS.map((step) => (
                <NativeSelect
                  key={step}
                  label={w.steps[step]}
                  data={choicesOf(shown)}
                  value={shown[step] ?? 'AUTOMATIC'}
                  disabled={saved.isPending}
                  onChange={(event) => saved.mutate({ [step]: event.currentTarget.value as 'APPROVAL' })}
                />
              ))}
              <Group align="end" gap="sm" wrap="nowrap">
                <NativeSelect
                  label={words.outside.webhook}
                  description={words.outside.webhookHelp}
                  data={[{ value: '', label: words.outside.nobody }, ...known.map(({ id = '', name }) => ({ value: id, label: name }))]}
                  value={shown.Webhook ?? ''}
                  disabled={saved.isPending}
                  onChange={(event) => saved.mutate({ Webhook: event.currentTarget.value })}
                  style={{ flex: 1 }}
                />
                <Button variant="default" onClick={() => setAdding(true)}>
                  {alerts.addWebhook}
                </Button>
              </Group>
              {shown.Webhook ? null : (
                <Text size="sm" c="dimmed">
                  {words.outside.first}
                </Text>
              )}
            </Stack>
          );
        }}
      </QueryView>
      {isAdding ? <WebhookCreate onMade={(id) => saved.mutate({ Webhook: id })} onClose={() => setAdding(false)} /> : null}
    </Panel>
  );
}

/** Somebody outside can only be chosen when there is a way to tell them. */
function choicesOf({ Webhook }: Workflows) {
  return [
    { value: 'AUTOMATIC', label: words.outside.automatic },
    { value: 'APPROVAL', label: words.outside.approval },
    { value: 'HTTP', label: words.outside.http, disabled: !Webhook },
  ];
}

function withoutEmpty({ Webhook, ...rest }: Workflows): Workflows {
  return Webhook ? { ...rest, Webhook } : rest;
}

const STEPS = Object.keys(w.steps) as Step[];
