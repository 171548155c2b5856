import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { validateEndpoint } from '../../client/publisher/sdk.gen';
import type { ApiEndpointValidationResponse } from '../../client/publisher/types.gen';
import { asProblem } from '../../kit/problem';
import type { EndpointKind } from '../endpoint-values';
import { useApiId } from '../use-api';
import { words } from '../words';
import type { AccessValues } from './access-values';

const w = words.upstream;

type Form = UseFormReturnType<AccessValues>;

/** The addresses for one kind of key; each can be tried at once. */
export function AddressFields({ form, kind }: { form: Form; kind: EndpointKind }) {
  const { type } = form.values.endpoint;
  const all = form.values.endpoint[kind];
  const shown = type === 'http' ? all.slice(0, 1) : all;
  return (
    <Stack gap="sm">
      {shown.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an address is known by its place.
        <AddressField key={index} form={form} kind={kind} index={index} />
      ))}
      {type === 'http' ? null : (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} />}
          onClick={() => form.insertListItem(`endpoint.${kind}`, { url: '', weight: '' })}
          style={{ alignSelf: 'start' }}
        >
          {w.add[kind]}
        </Button>
      )}
    </Stack>
  );
}

function AddressField({ form, kind, index }: { form: Form; kind: EndpointKind; index: number }) {
  const apiId = useApiId();
  const path = `endpoint.${kind}`;
  const url = form.values.endpoint[kind][index]?.url ?? '';
  const tried = useMutation({ mutationFn: async () => (await validateEndpoint({ query: { endpointUrl: url, apiId } })).data });
  return (
    <div>
      <Group gap="sm" align="end">
        <TextInput
          type="url"
          label={index === 0 ? words.endpoints[kind] : w.next[kind](index + 1)}
          description={index === 0 && kind === 'sandbox' ? words.endpoints.sandboxHelp : undefined}
          {...form.getInputProps(`${path}.${index}.url`)}
          style={{ flex: '1 1 16rem' }}
        />
        {form.values.endpoint.type === 'load_balance' ? (
          <NumberInput
            aria-label={w.weightOf(index + 1)}
            label={w.weight}
            min={1}
            max={100}
            allowDecimal={false}
            placeholder="1"
            {...form.getInputProps(`${path}.${index}.weight`)}
            w={90}
          />
        ) : null}
        <Button variant="default" disabled={!/^https?:\/\/\S+$/.test(url)} loading={tried.isPending} onClick={() => tried.mutate()}>
          {w.try}
        </Button>
        {index > 0 ? (
          <Button variant="subtle" color="red" aria-label={w.removeOf(url)} onClick={() => form.removeListItem(path, index)}>
            {w.remove}
          </Button>
        ) : null}
      </Group>
      <Text size="sm" mt={4} c={tried.data?.statusCode ? 'dimmed' : 'red'} aria-live="polite">
        {foundOf(tried.data, tried.error)}
      </Text>
    </div>
  );
}

/** What came of trying an address, in words. */
function foundOf(answer: ApiEndpointValidationResponse | undefined, error: unknown): string | undefined {
  if (error) return asProblem(error).title;
  if (!answer) return undefined;
  return answer.statusCode ? w.answers(answer.statusCode) : w.silent(answer.error ?? '');
}
