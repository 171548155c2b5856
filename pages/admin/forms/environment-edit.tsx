import { Modal, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createEnvironment, updateEnvironment } from '../../client/admin/sdk.gen';
import type { Environment } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

interface Values {
  name: string;
  displayName: string;
  description: string;
  type: string;
  hosts: string;
}

/** A set of gateways: what they call it, what people call it, and under which hosts they answer. */
export function EnvironmentEdit({ environment, onClose }: { environment?: Environment; onClose: () => void }) {
  const w = words.places;
  const refresh = useRefresh();
  const form = useForm<Values>({
    initialValues: {
      name: environment?.name ?? '',
      displayName: environment?.displayName ?? '',
      description: environment?.description ?? '',
      type: environment?.type ?? 'hybrid',
      hosts: (environment?.vhosts ?? []).map(({ host }) => host).join('\n'),
    },
    validate: {
      name: (value) => (/^[\w-]{1,60}$/.test(value) ? null : w.nameRule),
      hosts: (value) => (hostsOf(value).length > 0 && hostsOf(value).every((host) => HOST.test(host)) ? null : w.hostsRule),
    },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: (values: Values) => save(environment, values),
    onSuccess: async (_, { name, displayName }) => {
      await refresh();
      done(w.saved(displayName || name));
      onClose();
    },
  });
  const title = environment ? w.edit(environment.displayName || environment.name) : w.create;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput
            label={w.name}
            description={w.nameHelp}
            required
            disabled={environment !== undefined}
            {...form.getInputProps('name')}
          />
          <TextInput label={w.displayName} {...form.getInputProps('displayName')} />
          <TextInput label={w.description} {...form.getInputProps('description')} />
          <NativeSelect
            label={w.type}
            data={Object.entries(w.types).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('type')}
          />
          <Textarea label={w.hosts} description={w.hostsHelp} required rows={3} {...form.getInputProps('hosts')} />
          <FormFoot action={environment ? kit.save : w.create} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** A host that was there keeps its ports and paths. */
function save(held: Environment | undefined, { hosts, name, ...said }: Values) {
  const vhosts = hostsOf(hosts).map((host) => held?.vhosts.find((known) => known.host === host) ?? { host });
  const { id, ...kept } = held ?? { id: undefined };
  const body = { ...kept, ...said, displayName: said.displayName || name, name, vhosts };
  return id ? updateEnvironment({ path: { environmentId: id }, body }) : createEnvironment({ body });
}

function hostsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

const HOST = /^[a-z0-9.-]+$/i;
