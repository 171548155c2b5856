import { Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { addSharedScope, updateSharedScope } from '../../client/publisher/sdk.gen';
import type { Scope } from '../../client/publisher/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.scopes;

/** A scope that all APIs may demand: its name in tokens, and who may be granted it. */
export function ScopeEdit({ scope, onClose }: { scope?: Scope; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: {
      name: scope?.name ?? '',
      displayName: scope?.displayName ?? '',
      description: scope?.description ?? '',
      roles: (scope?.bindings ?? []).join(', '),
    },
    validate: { name: (value) => (/^[^\s"\\]{1,255}$/.test(value) ? null : w.nameRule) },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: ({ roles, name, displayName, description }: typeof form.values) => {
      const bindings = roles
        .split(',')
        .map((role) => role.trim())
        .filter((role) => role !== '');
      const body = { name, displayName: displayName.trim() || name, description, bindings };
      return scope?.id ? updateSharedScope({ path: { scopeId: scope.id }, body }) : addSharedScope({ body });
    },
    onSuccess: async (_, { name }) => {
      await refresh();
      done(w.saved(name));
      onClose();
    },
  });
  const title = scope ? w.edit(scope.name) : w.add;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput
            label={w.name}
            description={w.nameHelp}
            required
            maxLength={255}
            disabled={scope !== undefined}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput label={w.displayName} maxLength={255} {...form.getInputProps('displayName')} />
          <Textarea label={w.description} rows={3} maxLength={512} {...form.getInputProps('description')} />
          <TextInput label={w.roles} description={w.rolesHelp} {...form.getInputProps('roles')} />
          <FormFoot action={scope ? kit.save : w.add} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
