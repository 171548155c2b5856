import { Group, Input, Modal, NativeSelect, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { createRuleset, getRulesetContent, updateRulesetById } from '../../client/governance/sdk.gen';
import type { RulesetInfo } from '../../client/governance/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const Editor = lazy(() => import('../../kit/definition-editor'));
const w = words.governance;

interface RulesetEditProps {
  ruleset?: RulesetInfo;
  onClose: () => void;
}

/** Makes a ruleset, or changes one; its rules are read first. */
export function RulesetEdit({ ruleset, onClose }: RulesetEditProps) {
  const rules = useQuery({
    queryKey: ['ruleset-content', ruleset?.id],
    queryFn: async () =>
      ruleset?.id ? String((await getRulesetContent({ path: { rulesetId: ruleset.id }, parseAs: 'text' })).data) : START,
    staleTime: 0,
    gcTime: 0,
  });
  const title = ruleset ? words.policies.edit(ruleset.name ?? '') : w.newRuleset;
  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <QueryView query={rules}>{(text) => <Form ruleset={ruleset} start={text} onClose={onClose} />}</QueryView>
    </Modal>
  );
}

function Form({ ruleset, start, onClose }: RulesetEditProps & { start: string }) {
  const [text, setText] = useState(start);
  const refresh = useRefresh();
  const form = useForm({ initialValues: valuesOf(ruleset), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: ReturnType<typeof valuesOf>) => {
      const rulesetContent = new File([text], 'rules.yaml', { type: 'application/x-yaml' });
      const body = { ...values, ruleCategory: 'SPECTRAL' as const, rulesetContent };
      return ruleset?.id ? updateRulesetById({ path: { rulesetId: ruleset.id }, body }) : createRuleset({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(w.saved(form.values.name));
      onClose();
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Stack gap="md">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <TextInput label={words.policies.name} required maxLength={256} data-autofocus {...form.getInputProps('name')} />
        <Textarea label={words.policies.description} rows={2} maxLength={1024} {...form.getInputProps('description')} />
        <Group grow preventGrowOverflow={false} gap="md">
          <NativeSelect label={w.looksAt} data={optionsOf(w.sides)} {...form.getInputProps('ruleType')} />
          <NativeSelect label={w.kind} data={optionsOf(w.kinds)} {...form.getInputProps('artifactType')} />
        </Group>
        <div>
          <Input.Label component="div">{w.rules}</Input.Label>
          <Input.Description mb="xs">{w.rulesHelp}</Input.Description>
          <Suspense fallback={<Skeleton h={300} />}>
            <Editor label={w.rules} text={text} language="yaml" onChange={setText} />
          </Suspense>
        </div>
        <FormFoot action={ruleset ? kit.save : w.newRuleset} isPending={saved.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

function valuesOf(ruleset: RulesetInfo | undefined) {
  const { name = '', description = '', ruleType = 'API_DEFINITION', artifactType = 'REST_API' } = ruleset ?? {};
  return { name, description, ruleType, artifactType };
}

function optionsOf(named: Record<string, string>) {
  return Object.entries(named).map(([value, label]) => ({ value, label }));
}

const RULES = { name: (value: string) => (value.trim() === '' ? words.needed : null) };

/** Something that works, to begin with. */
const START = `rules:
  described:
    description: An API says what it is for.
    message: "{{property}}: {{error}}"
    severity: error
    given: $.info
    then: {field: description, function: truthy}
`;
