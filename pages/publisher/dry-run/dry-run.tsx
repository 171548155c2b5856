import '@mantine/core/styles/NumberInput.css';
import { Button, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { dryRunPolicies } from '../../client/publisher/sdk.gen';
import type { ApiOperations, OperationPolicyData } from '../../client/publisher/types.gen';
import type { Lanes } from '../../kit/lanes/lanes';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { words } from '../words';
import { badLinesOf, type SampleValues, sampleOf } from './sample';
import { StepsTaken } from './steps-taken';

const w = words.dryRun;

interface DryRunProps {
  apiId: string;
  /** The operation that is looked at; without one, only what is for all operations runs. */
  operation?: ApiOperations;
  ofApi: Lanes;
  ofOperation?: Lanes;
  policies: OperationPolicyData[];
}

/** A call that is made up, and what the steps do to it as they stand here, saved or not. */
export function DryRun({ apiId, operation, ofApi, ofOperation, policies }: DryRunProps) {
  const form = useForm<SampleValues>({ initialValues: startOf(operation), validate: RULES, onSubmitPreventDefault: 'always' });
  const run = useMutation({
    mutationFn: async (values: SampleValues) => {
      const body = { target: operation?.target ?? '', apiPolicies: ofApi, operationPolicies: ofOperation, sample: sampleOf(values) };
      return (await dryRunPolicies({ path: { apiId }, body })).data.steps;
    },
  });
  const nameOf = (policyName: string) => policies.find(({ name }) => name === policyName)?.displayName || policyName;
  return (
    <Panel title={w.title} help={w.help}>
      <Stack gap="lg">
        <form noValidate onSubmit={form.onSubmit((values) => run.mutate(values))}>
          <Stack gap="md">
            <Group align="start" gap="md">
              <NativeSelect label={w.method} data={METHODS} {...form.getInputProps('method')} w={120} />
              <TextInput label={w.path} description={w.pathHelp} required {...form.getInputProps('path')} style={{ flex: '1 1 14rem' }} />
            </Group>
            <Group align="start" grow preventGrowOverflow={false} gap="md">
              <Lines label={w.headers} {...form.getInputProps('headers')} />
              <Lines label={w.body} {...form.getInputProps('body')} />
            </Group>
            <Group align="start" grow preventGrowOverflow={false} gap="md">
              <NumberInput label={w.status} min={100} max={599} allowDecimal={false} {...form.getInputProps('status')} />
              <Lines label={w.replyHeaders} {...form.getInputProps('replyHeaders')} />
              <Lines label={w.replyBody} {...form.getInputProps('replyBody')} />
            </Group>
            <Group>
              <Button type="submit" variant="default" loading={run.isPending}>
                {w.run}
              </Button>
            </Group>
          </Stack>
        </form>
        {run.isError ? <ProblemView thrown={run.error} /> : null}
        <div aria-live="polite">{run.data ? <StepsTaken steps={run.data} nameOf={nameOf} /> : null}</div>
      </Stack>
    </Panel>
  );
}

function Lines({ label, ...field }: { label: string }) {
  return <Textarea label={label} autosize minRows={2} maxRows={10} spellCheck={false} style={{ minWidth: '12rem' }} {...field} />;
}

function startOf(operation: ApiOperations | undefined): SampleValues {
  const path = (operation?.target ?? '/').replace(/\{[^}]*\}/g, '1').replace('*', '');
  const method = METHODS.find((known) => known === operation?.verb) ?? 'GET';
  const json = 'content-type: application/json';
  return { method, path, headers: 'accept: application/json', body: '', status: '200', replyHeaders: json, replyBody: '{}' };
}

const headers = (text: string) => {
  const bad = badLinesOf(text);
  return bad.length > 0 ? w.badHeader(bad[0] ?? '') : null;
};
const RULES = { headers, replyHeaders: headers };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
