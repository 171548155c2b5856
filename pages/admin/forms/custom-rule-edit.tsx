import { Alert, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createCustomRule, updateCustomRule } from '../../client/admin/sdk.gen';
import type { CustomRule, CustomRuleWritable } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { inWords, useRefresh } from '../policies';
import { words } from '../words';
import { LimitFields } from './limit-fields';
import { LIMIT_RULES, type LimitValues, limitOf, limitValuesOf } from './limit-values';

interface RuleValues extends LimitValues {
  policyName: string;
  description: string;
  keyTemplate: string;
  /** Written as a limit and a condition, or as WSO2's query. */
  way: 'plain' | 'siddhi';
  condition: string;
  siddhiQuery: string;
}
type Form = UseFormReturnType<RuleValues>;

/** Makes a rule over all traffic, or changes one. */
export function CustomRuleEdit({ rule, onClose }: { rule?: CustomRule; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm<RuleValues>({ initialValues: valuesOf(rule), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: RuleValues) => {
      const body = ruleOf(values, rule);
      return rule?.policyId ? updateCustomRule({ path: { ruleId: rule.policyId }, body }) : createCustomRule({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(words.policies.saved(form.values.policyName));
      onClose();
    },
  });
  const title = rule ? words.policies.edit(rule.policyName) : words.custom.create;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput
            label={words.policies.name}
            description={rule ? words.policy.kept : undefined}
            required
            disabled={rule !== undefined}
            data-autofocus
            {...form.getInputProps('policyName')}
          />
          <Textarea label={words.policies.description} rows={2} {...form.getInputProps('description')} />
          <TextInput
            label={words.custom.key}
            description={words.custom.keyHelp}
            required
            autoCapitalize="none"
            {...form.getInputProps('keyTemplate')}
          />
          <SegmentedControl
            aria-label={words.custom.way}
            data={words.custom.ways}
            {...form.getInputProps('way')}
            style={{ alignSelf: 'start' }}
          />
          {form.values.way === 'plain' ? <Plain form={form} /> : <Siddhi form={form} />}
          <FormFoot action={rule ? kit.save : words.custom.create} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function Plain({ form }: { form: Form }) {
  return (
    <>
      <Textarea
        label={words.custom.condition}
        description={words.custom.conditionHelp}
        placeholder="request.headers['x-plan'] == 'trial' && api.name == 'PetStore'"
        autosize
        minRows={2}
        spellCheck={false}
        {...form.getInputProps('condition')}
      />
      <LimitFields values={form.values} field={(name) => form.getInputProps(name)} />
      <Alert color="patina" radius="md" title={words.policy.preview}>
        <span aria-live="polite">{inWords({ defaultLimit: limitOf(form.values, undefined) })}</span>
      </Alert>
    </>
  );
}

function Siddhi({ form }: { form: Form }) {
  return (
    <Textarea
      label={words.custom.siddhi}
      description={words.custom.siddhiHelp}
      required
      autosize
      minRows={6}
      spellCheck={false}
      {...form.getInputProps('siddhiQuery')}
    />
  );
}

function valuesOf(rule: CustomRule | undefined): RuleValues {
  return {
    policyName: rule?.policyName ?? '',
    description: rule?.description ?? '',
    keyTemplate: rule?.keyTemplate ?? '$userId:$apiContext',
    way: 'plain',
    condition: rule?.condition ?? '',
    siddhiQuery: rule?.siddhiQuery ?? '',
    ...limitValuesOf(rule?.defaultLimit),
  };
}

function ruleOf(values: RuleValues, kept: CustomRule | undefined): CustomRuleWritable {
  const said =
    values.way === 'siddhi'
      ? { siddhiQuery: values.siddhiQuery }
      : { defaultLimit: limitOf(values, kept?.defaultLimit), ...(values.condition.trim() ? { condition: values.condition.trim() } : {}) };
  return {
    policyName: values.policyName.trim(),
    description: values.description.trim(),
    keyTemplate: values.keyTemplate.trim(),
    ...(kept?.onFailure ? { onFailure: kept.onFailure } : {}),
    ...said,
  };
}

const RULES = {
  policyName: (value: string) => (/^[\w.-]+$/.test(value.trim()) ? null : words.policy.nameRule),
  keyTemplate: (value: string) => (value.trim() === '' ? words.needed : null),
  siddhiQuery: (value: string, { way }: RuleValues) => (way === 'siddhi' && value.trim() === '' ? words.needed : null),
  ...LIMIT_RULES,
};
