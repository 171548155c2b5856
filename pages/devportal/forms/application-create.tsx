import { Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { getThrottlingPoliciesOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { createApplication } from '../../client/devportal/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { words } from '../words';

export function ApplicationCreate({ onClose }: { onClose: () => void }) {
  const policies = useQuery(getThrottlingPoliciesOptions({ path: { policyLevel: 'application' }, query: { limit: 100 } }));
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { name: '', description: '', throttlingPolicy: 'Unlimited' },
    validate: { name: (value) => (value.trim() === '' ? words.access.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const created = useMutation({
    mutationFn: (values: typeof form.values) => createApplication({ body: { ...values, name: values.name.trim(), tokenType: 'JWT' } }),
    onSuccess: async (answer) => {
      await refresh();
      done(words.applications.made(form.values.name));
      navigate({ to: paths.application(answer.data.applicationId ?? '') });
    },
  });
  const names = policies.data?.list.map((policy) => ({ value: policy.name, label: policy.displayName || policy.name })) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{words.applications.createTitle}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <form noValidate onSubmit={form.onSubmit((values) => created.mutate(values))}>
        <Stack gap="md">
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <TextInput label={words.applications.name} required maxLength={100} data-autofocus {...form.getInputProps('name')} />
          <Select
            label={words.applications.policy}
            description={words.applications.policyHelp}
            data={names}
            {...form.getInputProps('throttlingPolicy')}
          />
          <Textarea label={words.applications.description} rows={3} maxLength={512} {...form.getInputProps('description')} />
          <FormFoot action={words.applications.create} isPending={created.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
