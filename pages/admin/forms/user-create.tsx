import { Checkbox, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createUser } from '../../client/admin/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

export function UserCreate({ roles, onClose }: { roles: string[]; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { username: '', displayName: '', password: '', roles: [] as string[] },
    validate: {
      username: (value) => (value.trim() === '' ? words.users.needed : null),
      password: (value) => (value.length < 12 ? words.users.short : null),
    },
    onSubmitPreventDefault: 'always',
  });
  const created = useMutation({
    mutationFn: ({ displayName, ...values }: typeof form.values) =>
      createUser({ body: { ...values, username: values.username.trim(), ...(displayName ? { displayName } : {}) } }),
    onSuccess: async () => {
      await refresh();
      done(words.users.made(form.values.username));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{words.users.create}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => created.mutate(values))}>
        <Stack gap="md">
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <TextInput
            label={words.users.username}
            required
            autoComplete="off"
            autoCapitalize="none"
            data-autofocus
            {...form.getInputProps('username')}
          />
          <TextInput label={words.users.displayName} autoComplete="off" {...form.getInputProps('displayName')} />
          <PasswordInput
            label={words.users.password}
            description={words.users.passwordHelp}
            required
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Checkbox.Group label={words.users.roles} description={words.users.rolesHelp} {...form.getInputProps('roles')}>
            <Stack gap="xs" mt="xs">
              {roles.map((role) => (
                <Checkbox key={role} value={role} label={role} />
              ))}
            </Stack>
          </Checkbox.Group>
          <FormFoot action={words.users.create} isPending={created.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
