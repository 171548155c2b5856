import { Button, Checkbox, Group, NativeSelect, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { updatePeoplePolicy } from '../../client/admin/sdk.gen';
import type { PeoplePolicy } from '../../client/admin/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

/** What holds for people with accounts here. */
export function PeoplePolicyForm({ policy, roles }: { policy: PeoplePolicy; roles: string[] }) {
  const refresh = useRefresh();
  useHold();
  const form = useForm({
    initialValues: { selfRegistration: policy.selfRegistration ?? 'off', secondFactorRoles: policy.secondFactorRoles ?? [] },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: (body: typeof form.values) => updatePeoplePolicy({ body }),
    onSuccess: async () => {
      await refresh();
      done(words.signIn.peopleSaved);
    },
  });
  const all = [...new Set([...roles, ...(policy.secondFactorRoles ?? [])])];
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Stack gap="md">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <NativeSelect
          label={words.signIn.selfRegistration}
          data={words.signIn.selfRegistrations}
          {...form.getInputProps('selfRegistration')}
        />
        <Checkbox.Group
          label={words.signIn.secondFactorRoles}
          description={words.signIn.secondFactorHelp}
          {...form.getInputProps('secondFactorRoles')}
        >
          <Stack gap="xs" mt="xs">
            {all.map((role) => (
              <Checkbox key={role} value={role} label={role} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button type="submit" loading={saved.isPending}>
            {kit.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
