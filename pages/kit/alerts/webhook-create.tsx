import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createAlertWebhook } from '../../client/alerts/sdk.gen';
import { FormFoot } from '../form-foot';
import { ProblemView } from '../problem-view';
import { SecretView } from '../secret-view';
import { words as kit } from '../words';
import { words as w } from './words';

/** Names an address that signed messages go to, and shows once what they are signed by. */
export function WebhookCreate({ onMade, onClose }: { onMade?: (id: string) => void; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: '', url: '' },
    validate: {
      name: (value) => (value.trim() === '' ? w.needed : null),
      url: (value) => (/^https?:\/\/\S+$/.test(value) ? null : w.addressRule),
    },
    onSubmitPreventDefault: 'always',
  });
  const made = useMutation({
    mutationFn: async ({ name, url }: typeof form.values) => (await createAlertWebhook({ body: { name: name.trim(), url } })).data,
    onSuccess: async ({ id = '' }) => {
      await queries.invalidateQueries();
      onMade?.(id);
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.addWebhook}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      {made.data ? (
        <Stack gap="md">
          <SecretView label={w.secret} secret={made.data.secret ?? ''} />
          <Button variant="default" onClick={onClose} style={{ alignSelf: 'end' }}>
            {kit.close}
          </Button>
        </Stack>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            // A rule's form may be around it.
            event.stopPropagation();
            form.onSubmit((values) => made.mutate(values))(event);
          }}
        >
          <Stack gap="md">
            {made.isError ? <ProblemView thrown={made.error} /> : null}
            <TextInput label={w.name} required maxLength={80} data-autofocus {...form.getInputProps('name')} />
            <TextInput type="url" label={w.address} required {...form.getInputProps('url')} />
            <FormFoot action={w.addWebhook} isPending={made.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
