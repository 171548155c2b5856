import { Button, Checkbox, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { endUserSessions, resetUserSecondFactors, updateUser } from '../../client/admin/sdk.gen';
import type { User } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done, refused } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

export function UserEdit({ user, roles, onClose }: { user: User; roles: string[]; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { displayName: user.displayName ?? '', roles: user.roles, isActive: user.status === 'ACTIVE' },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: (values: typeof form.values) =>
      updateUser({
        path: { userId: user.id },
        body: { displayName: values.displayName || null, roles: values.roles, ...statusOf(user, values.isActive) },
      }),
    onSuccess: async () => {
      await refresh();
      done(words.users.saved(user.username));
      onClose();
    },
  });
  const all = [...new Set([...roles, ...user.roles])];
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{words.users.edit(user.username)}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <form onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput label={words.users.displayName} data-autofocus {...form.getInputProps('displayName')} />
          <Checkbox.Group label={words.users.roles} description={words.users.rolesHelp} {...form.getInputProps('roles')}>
            <Stack gap="xs" mt="xs">
              {all.map((role) => (
                <Checkbox key={role} value={role} label={role} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label={words.users.isActive}
            description={words.users.isActiveHelp}
            {...form.getInputProps('isActive', { type: 'checkbox' })}
          />
          <LostDevice user={user} />
          <FormFoot action={kit.save} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** What an administrator does at once when somebody has lost a phone or a laptop. */
function LostDevice({ user }: { user: User }) {
  const path = { userId: user.id };
  const ended = useMutation({
    mutationFn: () => endUserSessions({ path }),
    onSuccess: () => done(words.users.sessionsEnded(user.username)),
    onError: refused,
  });
  const reset = useMutation({
    mutationFn: () => resetUserSecondFactors({ path }),
    onSuccess: () => done(words.users.factorsReset(user.username)),
    onError: refused,
  });
  return (
    <div>
      <Text size="sm" fw={560} mb={6}>
        {words.users.whenLost}
      </Text>
      <Group gap="sm">
        <Button variant="default" size="xs" loading={ended.isPending} onClick={() => ended.mutate()}>
          {words.users.endSessions}
        </Button>
        <Button variant="default" size="xs" loading={reset.isPending} onClick={() => reset.mutate()}>
          {words.users.resetFactors}
        </Button>
      </Group>
    </div>
  );
}

/** Whoever waits goes on waiting until they are let in. */
function statusOf(user: User, isActive: boolean) {
  if (user.status === 'PENDING' && !isActive) return {};
  return { status: isActive ? ('ACTIVE' as const) : ('DISABLED' as const) };
}
