import { Button, Group, Stack, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { updateClientRegistrationPolicy } from '../../client/admin/sdk.gen';
import type { ClientRegistrationPolicy } from '../../client/admin/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

/** What clients that register themselves are allowed. */
export function RegistrationPolicyForm({ policy }: { policy: ClientRegistrationPolicy }) {
  const refresh = useRefresh();
  useHold();
  const form = useForm({
    initialValues: {
      openRegistration: policy.openRegistration ?? false,
      clientIdMetadataDocuments: policy.clientIdMetadataDocuments ?? false,
    },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: (body: typeof form.values) => updateClientRegistrationPolicy({ body }),
    onSuccess: async () => {
      await refresh();
      done(words.registration.saved);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Stack gap="md">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <Switch
          label={words.registration.open}
          description={words.registration.openHelp}
          {...form.getInputProps('openRegistration', { type: 'checkbox' })}
        />
        <Switch
          label={words.registration.documents}
          description={words.registration.documentsHelp}
          {...form.getInputProps('clientIdMetadataDocuments', { type: 'checkbox' })}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={saved.isPending}>
            {kit.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
