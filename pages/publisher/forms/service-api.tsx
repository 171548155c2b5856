import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { importServiceFromCatalog } from '../../client/publisher/sdk.gen';
import type { Service } from '../../client/service-catalog/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { addressOf, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.services;

/** An API with the definition and the address of a service. */
export function ServiceApi({ service, onClose }: { service: Service; onClose: () => void }) {
  const refresh = useRefresh();
  const navigate = useNavigate();
  const form = useForm({ initialValues: valuesOf(service), validate: RULES, onSubmitPreventDefault: 'always' });
  const made = useMutation({
    mutationFn: (body: ReturnType<typeof valuesOf>) =>
      importServiceFromCatalog({ query: { serviceKey: service.serviceKey ?? '' }, body: { ...body, policies: ['Unlimited'] } }),
    onSuccess: async ({ data }) => {
      await refresh();
      await navigate({ to: paths.api(data.id ?? '') });
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.makeOf(service.name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
        <Stack gap="md">
          {made.isError ? <ProblemView thrown={made.error} /> : null}
          <TextInput label={w.apiName} required data-autofocus {...form.getInputProps('name')} />
          <TextInput label={w.version} required {...form.getInputProps('version')} />
          <TextInput
            label={words.products.context}
            description={words.products.contextHelp(addressOf(form.values))}
            required
            autoCapitalize="none"
            {...form.getInputProps('context')}
          />
          <FormFoot action={w.make} isPending={made.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function valuesOf({ name, version }: Service) {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { name: name.replace(/[^\w.-]+/g, '').slice(0, 60), version, context: `/${slug}` };
}

const needed = (value: string) => (value.trim() === '' ? w.needed : null);
const RULES = {
  name: needed,
  version: needed,
  context: (value: string) => (/^\/[^\s]+$/.test(value) ? null : words.products.contextRule),
};
