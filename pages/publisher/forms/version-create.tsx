import { Checkbox, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { partsOf } from '../paths';
import { useSubject, useSubjectPlace } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

/** Another version, with all that this one has. */
export function VersionCreate({ onClose }: { onClose: () => void }) {
  const { kind, id, calls } = useSubjectPlace();
  const { title } = useSubject();
  const w = words.versions;
  const refresh = useRefresh();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { version: '', isDefault: false },
    validate: { version: (value) => (/^[\w.-]{1,30}$/.test(value.trim()) ? null : w.nameRule) },
    onSubmitPreventDefault: 'always',
  });
  const created = useMutation({
    mutationFn: ({ version, isDefault }: typeof form.values) => calls.copy(id, version.trim(), isDefault),
    onSuccess: async (made, { version }) => {
      await refresh();
      onClose();
      await navigate({ to: partsOf(kind, made).home });
      done(w.created(version.trim()));
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.createTitle(title)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => created.mutate(values))}>
        <Stack gap="md">
          <Text size="sm">{w.createHelp}</Text>
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <TextInput label={w.name} required placeholder="2.0.0" data-autofocus {...form.getInputProps('version')} />
          <Checkbox label={w.alsoDefault} description={w.alsoDefaultHelp} {...form.getInputProps('isDefault', { type: 'checkbox' })} />
          <FormFoot action={w.create} isPending={created.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
