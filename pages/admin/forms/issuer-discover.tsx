import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { discoverKeyManager } from '../../client/admin/sdk.gen';
import type { KeyManager } from '../../client/admin/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { words } from '../words';

/** Asks a provider what it says of itself, so that nobody types it. */
export function IssuerDiscover({ wellKnown = '', onTold }: { wellKnown?: string; onTold: (said: KeyManager) => void }) {
  const [address, setAddress] = useState(wellKnown);
  const read = useMutation({
    mutationFn: async (url: string) => (await discoverKeyManager({ body: { url } })).data.value,
    onSuccess: (said) => (said ? onTold(said) : undefined),
  });
  return (
    <Stack gap="xs">
      <Group gap="sm" align="end" wrap="nowrap">
        <TextInput
          label={words.keyManagers.metadata}
          description={words.keyManagers.metadataHelp}
          placeholder="https://login.example.com/.well-known/openid-configuration"
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button variant="default" loading={read.isPending} disabled={address.trim() === ''} onClick={() => read.mutate(address.trim())}>
          {words.keyManagers.read}
        </Button>
      </Group>
      {read.isError ? <ProblemView thrown={read.error} /> : null}
      <Text size="sm" c="dimmed" aria-live="polite">
        {read.isSuccess ? words.keyManagers.wasRead : ''}
      </Text>
    </Stack>
  );
}
