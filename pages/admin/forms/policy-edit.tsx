import '@mantine/core/styles/NumberInput.css';
import { Alert, Checkbox, Group, Modal, NativeSelect, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { inWords, type Policy, type PolicyKind, savePolicy, useRefresh } from '../policies';
import { words } from '../words';
import { GroupFields } from './group-fields';
import { LimitFields, optionsOf } from './limit-fields';
import { LIMIT_RULES } from './limit-values';
import { type PolicyForm, type PolicyValues, policyOf, valuesOf } from './policy-values';

/** Creates a policy of the kind, or changes one; shows in words what it will do. */
export function PolicyEdit({ kind, policy, onClose }: { kind: PolicyKind; policy?: Policy; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm<PolicyValues>({ initialValues: valuesOf(policy), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: PolicyValues) => savePolicy(kind, policyOf(values, kind, policy)),
    onSuccess: async () => {
      await refresh();
      done(words.policies.saved(form.values.policyName));
      onClose();
    },
  });
  const title = policy ? words.policies.edit(policy.policyName) : words.policies.create[kind];
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput
            label={words.policies.name}
            description={policy ? words.policy.kept : undefined}
            required
            disabled={policy !== undefined}
            data-autofocus
            {...form.getInputProps('policyName')}
          />
          <Textarea label={words.policies.description} rows={2} {...form.getInputProps('description')} />
          <LimitFields values={form.values} field={(name) => form.getInputProps(name)} />
          {kind === 'advanced' ? null : <BurstFields form={form} />}
          {kind === 'subscription' ? (
            <Checkbox
              label={words.policy.stop}
              description={words.policy.stopHelp}
              {...form.getInputProps('stopOnQuotaReach', { type: 'checkbox' })}
            />
          ) : null}
          {kind === 'advanced' ? (
            <Switch
              label={words.policy.perUser}
              description={words.policy.perUserHelp}
              {...form.getInputProps('perUser', { type: 'checkbox' })}
            />
          ) : null}
          {kind === 'subscription' ? (
            <NumberInput
              label={words.policy.concurrency}
              description={words.policy.concurrencyHelp}
              min={0}
              allowDecimal={false}
              {...form.getInputProps('concurrency')}
            />
          ) : null}
          {kind === 'subscription' ? <QueryFields form={form} /> : null}
          <NativeSelect
            label={words.policy.onFailure}
            description={words.policy.onFailureHelp}
            data={optionsOf(words.policy.failureModes)}
            {...form.getInputProps('onFailure')}
          />
          {kind === 'advanced' ? <GroupFields form={form} /> : null}
          <Alert color="patina" radius="md" title={words.policy.preview}>
            <span aria-live="polite">{inWords(policyOf(form.values, kind, policy))}</span>
          </Alert>
          <FormFoot action={policy ? kit.save : words.policies.create[kind]} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** What one GraphQL query may ask. */
function QueryFields({ form }: { form: PolicyForm }) {
  return (
    <Group gap="sm" align="end" grow preventGrowOverflow={false}>
      {(['queryDepth', 'queryComplexity'] as const).map((name) => (
        <NumberInput
          key={name}
          label={words.policy[name]}
          description={words.policy.queryHelp}
          min={1}
          max={2_147_483_647}
          allowDecimal={false}
          {...form.getInputProps(name)}
          style={{ minWidth: '9rem' }}
        />
      ))}
    </Group>
  );
}

function BurstFields({ form }: { form: PolicyForm }) {
  return (
    <Group gap="sm" align="end" grow preventGrowOverflow={false}>
      <NumberInput
        label={words.policy.burst}
        description={words.policy.burstHelp}
        min={0}
        {...form.getInputProps('burst')}
        style={{ minWidth: '9rem' }}
      />
      <Select
        label={words.policy.burstUnit}
        data={optionsOf(words.policy.burstUnits)}
        disabled={Number(form.values.burst) === 0}
        {...form.getInputProps('burstUnit')}
        style={{ minWidth: '8rem' }}
      />
    </Group>
  );
}

const RULES = {
  policyName: (value: string) => (/^[\w.-]+$/.test(value.trim()) ? null : words.policy.nameRule),
  ...LIMIT_RULES,
  groups: {
    limit: LIMIT_RULES,
    conditions: {
      name: (value: string, values: PolicyValues, path: string) => (isNamed(values, path) && value.trim() === '' ? words.needed : null),
      value: (value: string) => (value.trim() === '' ? words.needed : null),
    },
  },
};

/** Whether the condition whose name stands at `path`, `groups.0.conditions.1.name`, has one. */
function isNamed({ groups }: PolicyValues, path: string): boolean {
  const [, group, , at] = path.split('.');
  return groups[Number(group)]?.conditions[Number(at)]?.looks !== 'address';
}
