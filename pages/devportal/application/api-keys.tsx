import '@mantine/core/styles/NumberInput.css';
import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAppBoundApiKeysOptions } from '../../client/devportal/@tanstack/react-query.gen';
import {
  applicationsApplicationIdApiKeysKeyTypeGeneratePost as generateApiKey,
  regenerateAppBoundApiKey,
  applicationsApplicationIdApiKeysKeyTypeRevokePost as revokeApiKey,
} from '../../client/devportal/sdk.gen';
import type { ApiKeyInfo } from '../../client/devportal/types.gen';
import { Confirm } from '../../kit/confirm';
import { ago, moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { SecretView } from '../../kit/secret-view';
import { done } from '../../kit/toast';
import type { KeyType } from '../pages/ApplicationPage';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.application;

interface Asked {
  what: 'renew' | 'revoke';
  key: ApiKeyInfo;
}

function columnsOf(ask: (asked: Asked) => void): Column<ApiKeyInfo>[] {
  return [
    {
      name: w.keyName,
      cell: (key) => (
        <span>
          <strong>{key.keyName}</strong>{' '}
          {key.lastFour ? (
            <Text span c="dimmed" size="sm">
              {w.ends(key.lastFour)}
            </Text>
          ) : null}
        </span>
      ),
    },
    { name: w.issued, cell: (key) => moment(key.issuedOn) },
    { name: w.validity, cell: validityOf },
    { name: words.renewal.lastUsed, cell: ({ lastUsed }) => (lastUsed && lastUsed > 0 ? ago(lastUsed) : words.renewal.never) },
    {
      name: w.actions,
      end: true,
      cell: (key) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            aria-label={words.renewal.renewOf(key.keyName ?? '')}
            onClick={() => ask({ what: 'renew', key })}
          >
            {words.renewal.renew}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={w.revokeOf(key.keyName ?? '')}
            onClick={() => ask({ what: 'revoke', key })}
          >
            {w.revoke}
          </Button>
        </Group>
      ),
    },
  ];
}

/** The API keys of the application, of one kind. */
export function ApiKeys({ applicationId, keyType }: { applicationId: string; keyType: KeyType }) {
  const path = { applicationId, keyType };
  const refresh = useRefresh();
  const [asked, ask] = useState<Asked>();
  const keys = useQuery(getAppBoundApiKeysOptions({ path }));
  const form = useForm({
    initialValues: { keyName: w.defaultKeyName, days: 0 as number | string, permittedIP: '', permittedReferer: '' },
    validate: { keyName: (value) => (value.trim() === '' ? words.access.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const made = useMutation({
    mutationFn: async ({ keyName, days, permittedIP, permittedReferer }: KeyValues) => {
      const validityPeriod = Number(days) > 0 ? Number(days) * DAY : -1;
      const additionalProperties = { permittedIP: permittedIP.trim(), permittedReferer: permittedReferer.trim() };
      return (await generateApiKey({ path, body: { keyName: keyName.trim(), validityPeriod, additionalProperties } })).data;
    },
    onSuccess: () => refresh(),
  });
  const [renewed, setRenewed] = useState<string>();
  const name = asked?.key.keyName ?? '';
  const keyUUID = asked?.key.keyUUID ?? '';
  async function renew() {
    const { data } = await regenerateAppBoundApiKey({ path, body: { keyUUID } });
    made.reset();
    setRenewed(data.apikey);
    await refresh();
  }
  return (
    <Panel title={w.apiKeys} help={w.apiKeysHelp}>
      <Stack gap="lg">
        <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
          <Group align="end" gap="sm">
            <TextInput label={w.keyName} maxLength={60} {...form.getInputProps('keyName')} style={{ flex: '0 1 16rem' }} />
            <NumberInput
              label={words.secrets.days}
              description={words.secrets.daysHelp}
              min={0}
              allowDecimal={false}
              {...form.getInputProps('days')}
              w={190}
            />
            <TextInput
              label={w.addresses}
              description={w.addressesHelp}
              {...form.getInputProps('permittedIP')}
              style={{ flex: '0 1 15rem' }}
            />
            <TextInput
              label={w.referrers}
              description={w.referrersHelp}
              {...form.getInputProps('permittedReferer')}
              style={{ flex: '0 1 15rem' }}
            />
            <Button type="submit" loading={made.isPending}>
              {w.generateKey}
            </Button>
          </Group>
        </form>
        {made.isError ? <ProblemView thrown={made.error} /> : null}
        {made.data?.apikey || renewed ? <SecretView label={w.keyNew} secret={made.data?.apikey ?? renewed ?? ''} /> : null}
        <QueryView query={keys}>
          {(page) =>
            page.list.length === 0 ? (
              <Text c="dimmed">{w.noApiKeys}</Text>
            ) : (
              <ListTable label={w.apiKeys} columns={columnsOf(ask)} rows={page.list} rowKey={(key) => key.keyUUID ?? ''} />
            )
          }
        </QueryView>
      </Stack>
      {asked?.what === 'renew' ? (
        <Confirm
          title={words.renewal.title(name)}
          body={words.renewal.body}
          action={words.renewal.renew}
          onConfirm={renew}
          onClose={() => ask(undefined)}
        />
      ) : null}
      {asked?.what === 'revoke' ? (
        <Confirm
          title={w.revokeTitle(name)}
          body={w.revokeBody}
          action={w.revoke}
          onConfirm={() =>
            revokeApiKey({ path, body: { keyUUID } })
              .then(refresh)
              .then(() => done(w.revoked(name)))
          }
          onClose={() => ask(undefined)}
        />
      ) : null}
    </Panel>
  );
}

interface KeyValues {
  keyName: string;
  /** 0 has no end. */
  days: number | string;
  permittedIP: string;
  permittedReferer: string;
}

const DAY = 86_400;

function validityOf(key: ApiKeyInfo): string {
  if (key.validityPeriod === undefined || key.validityPeriod < 0) return w.forever;
  return w.until(moment((key.issuedOn ?? 0) + key.validityPeriod * 1000));
}
