import { Checkbox, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { deployRevision } from '../deploy';
import { useSubjectPlace } from '../subject';
import { useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';

export function RevisionCreate({ onClose }: { onClose: () => void }) {
  const { id, calls } = useSubjectPlace();
  const environment = useEnvironment();
  const refresh = useRefresh();
  const form = useForm({ initialValues: { description: '', isDeployed: true }, onSubmitPreventDefault: 'always' });
  const created = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const revision = await calls.freeze(id, values.description);
      if (values.isDeployed) await deployRevision(calls, id, revision.data.id ?? '', environment);
    },
    onSuccess: async () => {
      await refresh();
      done(words.revisions.created_);
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{words.revisions.createTitle}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <form onSubmit={form.onSubmit((values) => created.mutate(values))}>
        <Stack gap="md">
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <Textarea
            label={words.revisions.note}
            description={words.revisions.noteHelp}
            maxLength={255}
            rows={3}
            data-autofocus
            {...form.getInputProps('description')}
          />
          <Checkbox label={words.revisions.deployAlso} {...form.getInputProps('isDeployed', { type: 'checkbox' })} />
          <FormFoot action={words.revisions.create} isPending={created.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
