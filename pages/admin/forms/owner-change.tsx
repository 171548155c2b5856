import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

interface OwnerChangeProps {
  name: string;
  owner: string;
  run: (owner: string) => Promise<unknown>;
  onClose: () => void;
}

/** Gives an application or an API to somebody else. */
export function OwnerChange({ name, owner, run, onClose }: OwnerChangeProps) {
  const w = words.owned;
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { owner },
    validate: { owner: (value) => (value.trim() === '' ? w.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const changed = useMutation({
    mutationFn: (next: string) => run(next),
    onSuccess: async (_, next) => {
      await refresh();
      done(w.changed(name, next));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.changeTitle(name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => changed.mutate(values.owner.trim()))}>
        <Stack gap="md">
          <Text size="sm">{w.changeHelp}</Text>
          {changed.isError ? <ProblemView thrown={changed.error} /> : null}
          <TextInput label={w.newOwner} required data-autofocus {...form.getInputProps('owner')} />
          <FormFoot action={w.change} isPending={changed.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
