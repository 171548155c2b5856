import { FileInput, Group, Modal, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { addService, updateService } from '../../client/service-catalog/sdk.gen';
import type { Service } from '../../client/service-catalog/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.services;

/** Makes a service, or brings one up to what runs now; its name, version and kind stay. */
export function ServiceEdit({ service, onClose }: { service?: Service; onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({ initialValues: valuesOf(service), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: ({ file, ...said }: ReturnType<typeof valuesOf>) => {
      const serviceMetadata = JSON.stringify(service ? { ...said, serviceKey: service.serviceKey } : said);
      const body = { serviceMetadata, definitionFile: file ?? undefined };
      return service?.id ? updateService({ path: { serviceId: service.id }, body }) : addService({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(w.saved(form.values.name));
      onClose();
    },
  });
  const title = service ? w.editOf(service.name) : w.add;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <Group grow preventGrowOverflow={false} align="start" gap="md">
            <TextInput label={w.name} required disabled={!!service} maxLength={255} data-autofocus {...form.getInputProps('name')} />
            <TextInput label={w.version} required disabled={!!service} maxLength={30} {...form.getInputProps('version')} />
          </Group>
          <TextInput label={w.address} type="url" required {...form.getInputProps('serviceUrl')} />
          <NativeSelect label={w.kind} disabled={!!service} data={KINDS} {...form.getInputProps('definitionType')} />
          <FileInput label={w.definition} placeholder={w.chooseFile} required {...form.getInputProps('file')} />
          <Textarea label={w.description} rows={2} {...form.getInputProps('description')} />
          <FormFoot action={service ? kit.save : w.add} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function valuesOf(service: Service | undefined) {
  return {
    name: service?.name ?? '',
    version: service?.version ?? '1.0.0',
    serviceUrl: service?.serviceUrl ?? '',
    definitionType: service?.definitionType ?? ('OAS3' as const),
    description: service?.description ?? '',
    file: null as File | null,
  };
}

const needed = (value: string) => (value.trim() === '' ? w.needed : null);
const RULES = {
  name: needed,
  version: needed,
  serviceUrl: (value: string) => (/^https?:\/\/\S+$/.test(value) ? null : w.addressRule),
  file: (value: File | null) => (value ? null : w.needed),
};
const KINDS = Object.entries(w.kinds).map(([value, label]) => ({ value, label }));
