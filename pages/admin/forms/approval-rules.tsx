import { Stack, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { exportTenantConfigOptions } from '../../client/admin/@tanstack/react-query.gen';
import { exportTenantConfig, updateTenantConfig } from '../../client/admin/sdk.gen';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.approvals;
type Step = keyof typeof w.steps;

/** Which steps wait for an administrator. */
export function ApprovalRules() {
  const config = useQuery(exportTenantConfigOptions());
  const refresh = useRefresh();
  const saved = useMutation({
    mutationFn: async ({ step, waits }: { step: Step; waits: boolean }) => {
      const { data } = await exportTenantConfig();
      const Workflows = { ...data.Workflows, [step]: waits ? 'APPROVAL' : 'AUTOMATIC' };
      return updateTenantConfig({ body: { ...data, Workflows } });
    },
    onSuccess: () => refresh().then(() => done(w.rulesSaved)),
    onError: refused,
  });
  return (
    <Panel title={w.rules} help={w.rulesHelp}>
      <QueryView query={config}>
        {({ Workflows }) => (
          <Stack gap="sm">
            {STEPS.map((step) => (
              <Switch
                key={step}
                label={w.steps[step]}
                checked={
                  saved.isPending && saved.variables.step === step
                    ? saved.variables.waits
                    : (Workflows?.[step] ?? 'AUTOMATIC') !== 'AUTOMATIC'
                }
                disabled={saved.isPending}
                onChange={(event) => saved.mutate({ step, waits: event.currentTarget.checked })}
              />
            ))}
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}

const STEPS = Object.keys(w.steps) as Step[];
