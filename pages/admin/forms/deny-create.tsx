import { Modal, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createDenyPolicy } from '../../client/admin/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { whomInWords } from '../denials';
import { useRefresh } from '../policies';
import { words } from '../words';
import { type DenyValues, denyPolicyOf, RULES } from './deny-values';
import { optionsOf } from './limit-fields';

/** Refuses somebody's calls. */
export function DenyCreate({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm<DenyValues>({
    initialValues: { kind: 'API', value: '', last: '', api: '', invert: false, until: '', reason: '' },
    validate: RULES,
    onSubmitPreventDefault: 'always',
  });
  const created = useMutation({
    mutationFn: (values: DenyValues) => createDenyPolicy({ body: denyPolicyOf(values) }),
    onSuccess: async () => {
      await refresh();
      done(words.deny.created(whomInWords(denyPolicyOf(form.values))));
      onClose();
    },
  });
  const { kind } = form.values;
  const isAddress = kind === 'IP' || kind === 'IPRANGE';
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{words.deny.create}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => created.mutate(values))}>
        <Stack gap="md">
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <NativeSelect label={words.deny.kind} data={optionsOf(words.deny.kinds)} {...form.getInputProps('kind')} />
          <TextInput
            label={words.deny.values[kind]}
            placeholder={EXAMPLES[kind]}
            required
            autoCapitalize="none"
            data-autofocus
            {...form.getInputProps('value')}
          />
          {kind === 'IPRANGE' ? (
            <TextInput label={words.deny.last} placeholder="192.0.2.255" required {...form.getInputProps('last')} />
          ) : null}
          {kind === 'SUBSCRIPTION' ? (
            <TextInput label={words.deny.values.API} placeholder={EXAMPLES.API} required {...form.getInputProps('api')} />
          ) : null}
          {isAddress ? (
            <Switch label={words.deny.invert} description={words.deny.invertHelp} {...form.getInputProps('invert', { type: 'checkbox' })} />
          ) : null}
          <TextInput type="datetime-local" label={words.deny.until} description={words.deny.untilHelp} {...form.getInputProps('until')} />
          <TextInput label={words.deny.reason} description={words.deny.reasonHelp} maxLength={200} {...form.getInputProps('reason')} />
          <FormFoot action={words.deny.create} isPending={created.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

const EXAMPLES = {
  API: '/petstore/1.0.0',
  APPLICATION: 'ann:Shop',
  USER: 'ann',
  IP: '192.0.2.7',
  IPRANGE: '192.0.2.0',
  SUBSCRIPTION: 'ann:Shop',
};
