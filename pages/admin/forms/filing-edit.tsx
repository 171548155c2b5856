import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

export interface Filing {
  id?: string;
  name: string;
  description?: string;
}

interface FilingEditProps {
  title: string;
  filing?: Filing;
  save: (filing: Filing) => Promise<unknown>;
  onClose: () => void;
}

/** A category or a label: a name, and what it means. */
export function FilingEdit({ title, filing, save, onClose }: FilingEditProps) {
  const w = words.filing;
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { name: filing?.name ?? '', description: filing?.description ?? '' },
    validate: { name: (value) => (value.trim() === '' ? w.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: ({ name, description }: typeof form.values) => save({ ...filing, name: name.trim(), description }),
    onSuccess: async (_, { name }) => {
      await refresh();
      done(w.saved(name));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput label={w.name} required maxLength={255} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={w.description} maxLength={1024} {...form.getInputProps('description')} />
          <FormFoot action={filing ? kit.save : title} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
