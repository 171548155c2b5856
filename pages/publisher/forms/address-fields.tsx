import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { validateEndpoint } from '../../client/publisher/sdk.gen';
import { asProblem } from '../../kit/problem';
import type { EndpointKind } from '../endpoint-values';
import { useApiId } from '../use-api';
import { words } from '../words';
import type { AccessValues } from './access-values';

const w = words.upstream;

/** The addresses for one kind of key; each can be tried at once. */
export function AddressFields({ form, kind }: { form: UseFormReturnType<AccessValues>; kind: EndpointKind }) {
  const { type } = form.values.endpoint;
  const all = form.values.endpoint[kind];
  const shown = type === 'http' ? all.slice(0, 1) : all;
  const path = `endpoint.${kind}`;
  return (
    <Stack gap="sm">
      {shown.map((address, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an address is known by its place.
        <div key={index}>
          <Group gap="sm" align="end">
            <TextInput
              type="url"
              label={index === 0 ? words.endpoints[kind] : w.next[kind](index + 1)}
              description={index === 0 && kind === 'sandbox' ? words.endpoints.sandboxHelp : undefined}
              {...form.getInputProps(`${path}.${index}.url`)}
              style={{ flex: '1 1 18rem' }}
            />
            {type === 'load_balance' ? (
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
            <Try url={address.url} />
            {index > 0 ? (
              <Button variant="subtle" color="red" aria-label={w.removeOf(address.url)} onClick={() => form.removeListItem(path, index)}>
                {w.remove}
              </Button>
            ) : null}
          </Group>
        </div>
      ))}
      {type === 'http' ? null : (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} />}
          onClick={() => form.insertListItem(path, { url: '', weight: '' })}
          style={{ alignSelf: 'start' }}
        >
          {w.add[kind]}
        </Button>
      )}
    </Stack>
  );
}

/** Asks the platform whether somebody answers there. */
function Try({ url }: { url: string }) {
  const apiId = useApiId();
  const tried = useMutation({ mutationFn: async () => (await validateEndpoint({ query: { endpointUrl: url, apiId } })).data });
  const answer = tried.data;
  return (
    <>
      <Button variant="default" disabled={!/^https?:\/\/\S+$/.test(url)} loading={tried.isPending} onClick={() => tried.mutate()}>
        {w.try}
      </Button>
      <Text
        size="sm"
        c={answer?.statusCode ? 'dimmed' : 'red'}
        aria-live="polite"
        style={{ flexBasis: answer || tried.isError ? '100%' : 0 }}
      >
        {tried.isError ? asProblem(tried.error).title : null}
        {answer?.statusCode ? w.answers(answer.statusCode) : null}
        {answer && !answer.statusCode ? w.silent(answer.error ?? '') : null}
      </Text>
    </>
  );
}
