import { Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { announceSigningKey } from '../../client/admin/sdk.gen';
import type { SigningAlgorithm } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

/** Makes the next key, which signs when everybody has known it for `seconds`. */
export function KeyAnnounce({ seconds, onClose }: { seconds: number; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { algorithm: 'ES256' as SigningAlgorithm },
    onSubmitPreventDefault: 'always',
  });
  const announced = useMutation({
    mutationFn: (body: typeof form.values) => announceSigningKey({ body }),
    onSuccess: async () => {
      await refresh();
      done(words.keys.announced);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{words.keys.announce}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form onSubmit={form.onSubmit((values) => announced.mutate(values))}>
        <Stack gap="md">
          {announced.isError ? <ProblemView thrown={announced.error} /> : null}
          <Text size="sm">{words.keys.announceHelp(seconds)}</Text>
          <NativeSelect
            label={words.keys.algorithm}
            description={words.keys.algorithmHelp}
            data={words.keys.algorithms}
            data-autofocus
            {...form.getInputProps('algorithm')}
          />
          <FormFoot action={words.keys.announce} isPending={announced.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
