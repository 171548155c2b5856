import { Checkbox, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getAllLabelsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { createGovernancePolicy, updateGovernancePolicyById } from '../../client/governance/sdk.gen';
import type { ApimGovernancePolicy, RulesetInfo } from '../../client/governance/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { actionsOf, BLOCKABLE, blockedOf, EVERY_API, type Step } from '../governance/actions';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.governance;

interface PolicyEditProps {
  policy?: ApimGovernancePolicy;
  rulesets: RulesetInfo[];
  onClose: () => void;
}

/** Binds rulesets to APIs, and says at which steps of their lives a broken rule holds them up. */
export function GovernancePolicyEdit({ policy, rulesets, onClose }: PolicyEditProps) {
  const labels = useQuery(getAllLabelsOptions()).data?.list ?? [];
  const refresh = useRefresh();
  const form = useForm({ initialValues: valuesOf(policy), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: ({ blocked, ...values }: ReturnType<typeof valuesOf>) => {
      const governableStates = values.governableStates as Step[];
      const body = { ...values, governableStates, actions: actionsOf(governableStates, blocked) };
      return policy?.id ? updateGovernancePolicyById({ path: { policyId: policy.id }, body }) : createGovernancePolicy({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(w.saved(form.values.name));
      onClose();
    },
  });
  const title = policy ? words.policies.edit(policy.name) : w.newPolicy;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput label={words.policies.name} required maxLength={256} data-autofocus {...form.getInputProps('name')} />
          <Textarea label={words.policies.description} rows={2} maxLength={1024} {...form.getInputProps('description')} />
          <Choices label={w.rulesets} of={rulesets.map(({ id = '', name = '' }) => [id, name])} {...form.getInputProps('rulesets')} />
          <Choices
            label={w.labels}
            description={w.labelsHelp}
            of={[[EVERY_API, w.everyApi], ...labels.map(({ id = '', name }): [string, string] => [id, name])]}
            {...form.getInputProps('labels')}
          />
          <Choices label={w.steps} description={w.stepsHelp} of={Object.entries(w.stepNames)} {...form.getInputProps('governableStates')} />
          <Choices
            label={w.blocked}
            description={w.blockedHelp}
            of={BLOCKABLE.map((severity) => [severity, w.severities[severity]])}
            {...form.getInputProps('blocked')}
          />
          <FormFoot action={policy ? kit.save : w.newPolicy} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

interface ChoicesProps {
  label: string;
  description?: string;
  of: [string, string][];
}

function Choices({ label, description, of, ...field }: ChoicesProps) {
  return (
    <Checkbox.Group label={label} description={description} {...field}>
      <Stack gap="xs" mt="xs">
        {of.map(([value, name]) => (
          <Checkbox key={value} value={value} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function valuesOf(policy: ApimGovernancePolicy | undefined) {
  return {
    name: policy?.name ?? '',
    description: policy?.description ?? '',
    rulesets: policy?.rulesets ?? [],
    labels: policy?.labels ?? [EVERY_API],
    governableStates: (policy?.governableStates ?? ['API_DEPLOY', 'API_PUBLISH']) as string[],
    blocked: blockedOf(policy?.actions ?? []) as string[],
  };
}

const needed = (values: string[]) => (values.length === 0 ? w.oneNeeded : null);
const RULES = {
  name: (value: string) => (value.trim() === '' ? words.needed : null),
  rulesets: needed,
  labels: needed,
  governableStates: needed,
};
