import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAlertWebhooksOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { useSession } from '../session';
import { WebhookCreate } from './webhook-create';
import { words as w } from './words';

/** Which webhooks a rule tells: one's own, and those that it tells already. */
export function WebhookChoice({ value, onChange }: { value: string[]; onChange: (webhooks: string[]) => void }) {
  const webhooks = useQuery(getAlertWebhooksOptions());
  const me = useSession()?.username;
  const [isMade, setIsMade] = useState(false);
  const offered = (webhooks.data?.list ?? []).filter(({ id = '', owner }) => owner === me || value.includes(id));
  return (
    <Stack gap="xs" align="start">
      <Checkbox.Group label={w.webhooks} value={value} onChange={onChange}>
        <Stack gap={6} mt={4}>
          {offered.map(({ id = '', name, owner = '' }) => (
            <Checkbox key={id} value={id} label={owner === me ? name : w.ownerOf(name, owner)} />
          ))}
          {offered.length === 0 ? (
            <Text size="sm" c="dimmed">
              {w.noWebhooks}
            </Text>
          ) : null}
        </Stack>
      </Checkbox.Group>
      <Button size="xs" variant="default" onClick={() => setIsMade(true)}>
        {w.addWebhook}
      </Button>
      {isMade ? <WebhookCreate onMade={(id) => onChange([...value, id])} onClose={() => setIsMade(false)} /> : null}
    </Stack>
  );
}
