import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createAlertWebhook } from '../../client/alerts/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { SecretView } from '../../kit/secret-view';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.outside;

/** Names an address that signed messages go to, and shows once what they are signed by. */
export function WebhookCreate({ onMade, onClose }: { onMade?: (id: string) => void; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { name: '', url: '' },
    validate: {
      name: (value) => (value.trim() === '' ? words.needed : null),
      url: (value) => (/^https?:\/\/\S+$/.test(value) ? null : w.addressRule),
    },
    onSubmitPreventDefault: 'always',
  });
  const made = useMutation({
    mutationFn: async ({ name, url }: typeof form.values) => (await createAlertWebhook({ body: { name: name.trim(), url } })).data,
    onSuccess: async ({ id = '' }) => {
      await refresh();
      onMade?.(id);
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.add}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      {made.data ? (
        <Stack gap="md">
          <SecretView label={w.secret} secret={made.data.secret ?? ''} />
          <Button variant="default" onClick={onClose} style={{ alignSelf: 'end' }}>
            {kit.close}
          </Button>
        </Stack>
      ) : (
        <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
          <Stack gap="md">
            {made.isError ? <ProblemView thrown={made.error} /> : null}
            <TextInput label={w.name} required maxLength={80} data-autofocus {...form.getInputProps('name')} />
            <TextInput type="url" label={w.address} required {...form.getInputProps('url')} />
            <FormFoot action={w.add} isPending={made.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
