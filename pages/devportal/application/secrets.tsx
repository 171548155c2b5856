import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getConsumerSecretsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { generateConsumerSecret, revokeConsumerSecret } from '../../client/devportal/sdk.gen';
import type { ConsumerSecret } from '../../client/devportal/types.gen';
import { Confirm } from '../../kit/confirm';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { SecretView } from '../../kit/secret-view';
import { done } from '../../kit/toast';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.secrets;

/** The secrets of a client: several count at once, so that the old one goes when nobody uses it any more. */
export function Secrets({ applicationId, keyMappingId }: { applicationId: string; keyMappingId: string }) {
  const path = { applicationId, keyMappingId };
  const refresh = useRefresh();
  const [asked, ask] = useState<ConsumerSecret>();
  const secrets = useQuery(getConsumerSecretsOptions({ path }));
  const form = useForm({ initialValues: { description: '', days: 0 as number | string }, onSubmitPreventDefault: 'always' });
  const made = useMutation({
    mutationFn: async ({ description, days }: { description: string; days: number | string }) => {
      const expiresIn = Number(days) > 0 ? Number(days) * DAY : -1;
      return (await generateConsumerSecret({ path, body: { additionalProperties: { description, expiresIn } } })).data;
    },
    onSuccess: () => refresh(),
  });
  const name = asked ? nameOf(asked) : '';
  return (
    <Stack gap="md">
      <div>
        <Text fw={560}>{w.title}</Text>
        <Text size="sm" c="dimmed">
          {w.help}
        </Text>
      </div>
      <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
        <Group align="end" gap="sm">
          <TextInput label={w.description} maxLength={100} {...form.getInputProps('description')} style={{ flex: '0 1 16rem' }} />
          <NumberInput label={w.days} description={w.daysHelp} min={0} allowDecimal={false} {...form.getInputProps('days')} w={190} />
          <Button type="submit" variant="default" loading={made.isPending}>
            {w.add}
          </Button>
        </Group>
      </form>
      {made.isError ? <ProblemView thrown={made.error} /> : null}
      {made.data?.secretValue ? <SecretView label={words.application.consumerSecret} secret={made.data.secretValue} /> : null}
      <QueryView query={secrets}>
        {(page) => (
          <ListTable
            label={w.title}
            columns={columnsOf(ask, page.list.length)}
            rows={page.list}
            rowKey={(secret) => secret.secretId ?? ''}
          />
        )}
      </QueryView>
      {asked ? (
        <Confirm
          title={w.revokeTitle(name)}
          body={w.revokeBody}
          action={words.application.revoke}
          onConfirm={() =>
            revokeConsumerSecret({ path, body: { secretId: asked.secretId ?? '' } })
              .then(refresh)
              .then(() => done(words.application.revoked(name)))
          }
          onClose={() => ask(undefined)}
        />
      ) : null}
    </Stack>
  );
}

function columnsOf(ask: (secret: ConsumerSecret) => void, count: number): Column<ConsumerSecret>[] {
  return [
    { name: w.secret, cell: (secret) => <strong>{nameOf(secret)}</strong> },
    { name: words.application.validity, cell: validityOf },
    {
      name: words.application.actions,
      end: true,
      cell: (secret) => (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          disabled={count < 2}
          title={count < 2 ? w.last : undefined}
          aria-label={words.application.revokeOf(nameOf(secret))}
          onClick={() => ask(secret)}
        >
          {words.application.revoke}
        </Button>
      ),
    },
  ];
}

function nameOf({ secretId, additionalProperties }: ConsumerSecret): string {
  return additionalProperties?.description || w.unnamed((secretId ?? '').slice(0, 8));
}

function validityOf({ additionalProperties }: ConsumerSecret): string {
  const ends = additionalProperties?.expiresAt;
  return ends ? words.application.until(moment(ends * 1000)) : words.application.forever;
}

const DAY = 86_400;
