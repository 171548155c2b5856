import '@mantine/core/styles/NumberInput.css';
import { Alert, Group, Modal, NativeSelect, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getAlertRuleOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { createAlertRule, updateAlertRule } from '../../client/alerts/sdk.gen';
import type { Rule } from '../../client/alerts/types.gen';
import { FormFoot } from '../form-foot';
import { ProblemView } from '../problem-view';
import { QueryView } from '../query-view';
import { done } from '../toast';
import { words as kit } from '../words';
import { AMOUNTS, conditionOf, faultsOf, type RuleValues, ruleOf, sentenceOf, valuesOf } from './rule-values';
import { type AlertScope, type Choice, KINDS } from './scope';
import { WebhookChoice } from './webhook-choice';
import { words as w } from './words';

interface RuleEditProps {
  scope: AlertScope;
  /** Absent for a new one. */
  rule?: Rule;
  onClose: () => void;
}

/** Makes or changes a rule, and says in words what it will do. */
export function RuleEdit({ scope, rule, onClose }: RuleEditProps) {
  // Read anew, so that the change goes with the tag of what is shown.
  const read = useQuery({ ...getAlertRuleOptions({ path: { ruleId: rule?.id ?? '' } }), enabled: rule !== undefined, staleTime: 0 });
  const title = rule ? w.editOf(rule.name) : w.create;
  return (
    <Modal opened size="lg" onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      {rule ? (
        <QueryView query={read}>{(found) => <Form scope={scope} rule={found} onClose={onClose} />}</QueryView>
      ) : (
        <Form scope={scope} onClose={onClose} />
      )}
    </Modal>
  );
}

function Form({ scope, rule, onClose }: RuleEditProps) {
  const queries = useQueryClient();
  const form = useForm<RuleValues>({ initialValues: valuesOf(rule, scope), validate: faultsOf, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: RuleValues) =>
      rule ? updateAlertRule({ path: { ruleId: rule.id ?? '' }, body: ruleOf(values) }) : createAlertRule({ body: ruleOf(values) }),
    onSuccess: async (_, { name }) => {
      await queries.invalidateQueries();
      done(w.saved(name.trim()));
      onClose();
    },
  });
  const isJudged = Object.keys(faultsOf({ ...form.values, name: '-', emails: '' })).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Stack gap="md">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <TextInput label={w.name} required maxLength={80} data-autofocus {...form.getInputProps('name')} />
        <NativeSelect
          label={w.kind}
          data={KINDS.filter((kind) => scope.kinds.includes(kind) || kind === rule?.condition.kind).map((value) => ({
            value,
            label: w.kinds[value],
          }))}
          {...form.getInputProps('kind')}
        />
        <Fields form={form} />
        {isJudged ? (
          <Alert color="patina" radius="md" aria-live="polite">
            {sentenceOf(conditionOf(form.values))}
          </Alert>
        ) : null}
        <Places form={form} scope={scope} />
        <TextInput label={w.emails} description={w.emailsHelp} {...form.getInputProps('emails')} />
        <WebhookChoice value={form.values.webhooks} onChange={(webhooks) => form.setFieldValue('webhooks', webhooks)} />
        <Switch label={w.enabled} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        <FormFoot action={kit.save} isPending={saved.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

/** What the kind of the rule asks for. */
function Fields({ form }: { form: UseFormReturnType<RuleValues> }) {
  const { kind } = form.values;
  return (
    <>
      {kind === 'errorRate' ? <NativeSelect label={w.classes} data={optionsOf(w.classNames)} {...form.getInputProps('classes')} /> : null}
      {kind === 'unseen' ? <NativeSelect label={w.place} data={optionsOf(w.places)} {...form.getInputProps('what')} /> : null}
      <Group gap="sm" align="end" grow preventGrowOverflow={false}>
        {Object.entries(AMOUNTS[kind]).map(([name, [least, most]]) => (
          <NumberInput
            key={name}
            label={labelOf(name, kind)}
            description={name === 'deviation' ? w.deviationHelp : undefined}
            min={least}
            max={most}
            clampBehavior="none"
            {...form.getInputProps(name)}
            style={{ minWidth: '9rem' }}
          />
        ))}
      </Group>
    </>
  );
}

/** Which API and which application the rule is about, where its page leaves that open. */
function Places({ form, scope }: { form: UseFormReturnType<RuleValues>; scope: AlertScope }) {
  const isOfApplications = ['unseen', 'keyExpiry'].includes(form.values.kind);
  const choosesApi = !isOfApplications && scope.apiId === undefined && scope.apis.length > 0;
  const choosesApplication = scope.applicationId === undefined && scope.applications.length > 0;
  return (
    <>
      {choosesApi ? <NativeSelect label={w.api} data={withAny(w.everything, scope.apis)} {...form.getInputProps('apiId')} /> : null}
      {choosesApplication ? (
        <NativeSelect
          label={w.application}
          data={withAny(w.everyApplication, scope.applications)}
          {...form.getInputProps('applicationId')}
        />
      ) : null}
    </>
  );
}

function labelOf(name: string, kind: RuleValues['kind']): string {
  if (name === 'percent') return kind === 'quotaUsed' ? w.percentUsed : w.percent;
  return LABELS[name] ?? name;
}

function withAny(any: string, choices: Choice[]): Choice[] {
  return [{ value: '', label: any }, ...choices];
}

function optionsOf(names: Record<string, string>): Choice[] {
  return Object.entries(names).map(([value, label]) => ({ value, label }));
}

const LABELS: Record<string, string> = {
  percentile: w.percentile,
  milliseconds: w.milliseconds,
  deviation: w.deviation,
  windowMinutes: w.window,
  minRequests: w.minRequests,
  days: w.days,
};
