import { Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OperationPolicy, OperationPolicyData } from '../../client/publisher/types.gen';
import { Coded } from '../coded';
import { FormFoot } from '../form-foot';
import { words as kit } from '../words';
import { AttributeField } from './attribute-field';
import { type Flow, keyOf, keyOfStep, labelOf, stepOf, valuesOf, type Wrong, wrongOf } from './lanes';
import { words } from './words';

interface StepFormProps {
  flow: Flow;
  policies: OperationPolicyData[];
  /** The step that is changed; a new one without. */
  step?: OperationPolicy;
  onDone: (step: OperationPolicy) => void;
  onClose: () => void;
}

/** A step of a flow: which policy, what it is told, and for which calls. */
export function StepForm({ flow, policies, step, onDone, onClose }: StepFormProps) {
  const usable = choicesOf(flow, policies, step);
  const [policy, setPolicy] = useState(() => usable.find((one) => step && keyOf(one) === keyOfStep(step)) ?? usable[0]);
  const [values, setValues] = useState(() => valuesOf(policy, step));
  const [condition, setCondition] = useState(step?.condition ?? '');
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  function choose(key: string) {
    const next = usable.find((one) => keyOf(one) === key);
    setPolicy(next);
    setValues(valuesOf(next, undefined));
    setWrong({});
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = wrongOf(policy, values);
    setWrong(found);
    if (policy && Object.keys(found).length === 0) onDone(stepOf(policy, values, looksAtAll(policy) ? '' : condition));
  }
  const title = step ? words.edit : words.addTo(words.flows[flow]);
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={submit}>
        <Stack gap="md">
          <NativeSelect
            label={words.policy}
            description={policy?.description ? <Coded text={policy.description} /> : undefined}
            data-autofocus
            value={policy ? keyOf(policy) : ''}
            onChange={(event) => choose(event.currentTarget.value)}
            data={usable.map((one) => ({ value: keyOf(one), label: labelOf(one) }))}
          />
          {(policy?.policyAttributes ?? []).map((attribute) => (
            <AttributeField
              key={`${policy?.name} ${attribute.name}`}
              attribute={attribute}
              value={values[attribute.name ?? ''] ?? ''}
              error={wrong[attribute.name ?? '']}
              onChange={(value) => setValues((old) => ({ ...old, [attribute.name ?? '']: value }))}
            />
          ))}
          {policy && looksAtAll(policy) ? null : (
            <Textarea
              label={words.condition}
              description={words.conditionHelp}
              placeholder="request.method == 'POST'"
              autosize
              minRows={1}
              spellCheck={false}
              value={condition}
              onChange={(event) => setCondition(event.currentTarget.value)}
            />
          )}
          <FormFoot action={step ? words.apply : words.add} isPending={false} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** Protection against threats is for every call: the catalogue's kinds of it take no condition. */
const looksAtAll = ({ id, name, category }: OperationPolicyData) => id === name && category === 'Security';

/** What may stand in this flow; a step keeps a policy that is no longer there, with what it was told. */
function choicesOf(flow: Flow, policies: OperationPolicyData[], step: OperationPolicy | undefined): OperationPolicyData[] {
  const usable = policies.filter(({ applicableFlows = [] }) => applicableFlows.includes(flow));
  if (!step || usable.some((one) => keyOf(one) === keyOfStep(step))) return usable;
  const policyAttributes = Object.keys(step.parameters ?? {}).map((name) => ({ name, displayName: name, type: 'String' as const }));
  return [...usable, { name: step.policyName, version: step.policyVersion, policyAttributes }];
}
