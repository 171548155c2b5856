import { Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createOrganization, updateOrganization } from '../../client/admin/sdk.gen';
import type { Organization } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.organizations;

/** An organization: what people call it, and by which role its people are known. */
export function OrganizationEdit({ organization, onClose }: { organization?: Organization; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: {
      displayName: organization?.displayName ?? '',
      externalOrganizationId: organization?.externalOrganizationId ?? '',
      description: organization?.description ?? '',
    },
    validate: {
      displayName: (value) => (value.trim() === '' ? words.needed : null),
      externalOrganizationId: (value) => (ROLE.test(value) ? null : w.roleRule),
    },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: (body: Organization) =>
      organization?.organizationId
        ? updateOrganization({ path: { organizationId: organization.organizationId }, body })
        : createOrganization({ body }),
    onSuccess: async (_, { displayName = '' }) => {
      await refresh();
      done(w.saved(displayName));
      onClose();
    },
  });
  const title = organization ? w.edit(organization.displayName ?? '') : w.create;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput label={w.name} required maxLength={255} data-autofocus {...form.getInputProps('displayName')} />
          <TextInput label={w.role} description={w.roleHelp} required maxLength={60} {...form.getInputProps('externalOrganizationId')} />
          <Textarea label={w.description} rows={3} maxLength={1023} {...form.getInputProps('description')} />
          <FormFoot action={organization ? kit.save : w.create} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** As the platform has it for the roles that one makes. */
const ROLE = /^(?=.{1,60}$)[\p{L}\p{N}]([\p{L}\p{N}._/-]*[\p{L}\p{N}])?$/u;
