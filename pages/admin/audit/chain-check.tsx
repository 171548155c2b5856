import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconLinkOff, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { verifyAuditLog } from '../../client/admin/sdk.gen';
import { words as log } from '../../kit/audit/words';
import { CodeBlock } from '../../kit/code-block';
import { Coded } from '../../kit/coded';
import { ProblemView } from '../../kit/problem-view';
import { words } from '../words';

const w = words.audit;

interface Found {
  verified: number;
  head: string;
  broken?: { number?: number; reason?: string };
}

/** Has the platform look at every entry, part by part. */
export function ChainCheck() {
  const checked = useMutation({ mutationFn: verifyAll });
  const found = checked.data;
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="default" leftSection={<IconShieldCheck size={17} />} loading={checked.isPending} onClick={() => checked.mutate()}>
          {w.check}
        </Button>
      </Group>
      <div aria-live="polite">
        {checked.isError ? <ProblemView thrown={checked.error} /> : null}
        {found?.broken ? (
          <Alert color="red" radius="md" title={w.broken(found.broken.number ?? 0)} icon={<IconLinkOff size={20} />}>
            <Coded text={found.broken.reason ?? ''} />
          </Alert>
        ) : null}
        {found && !found.broken ? (
          <Alert color="patina" radius="md" title={w.intact(found.verified)} icon={<IconShieldCheck size={20} />}>
            <Text size="sm" mb="xs">
              {w.head}
            </Text>
            <CodeBlock text={found.head} label={log.seal} wrap />
          </Alert>
        ) : null}
      </div>
    </Stack>
  );
}

/** A log may be longer than one answer; `next` says where to go on. */
async function verifyAll(): Promise<Found> {
  const found: Found = { verified: 0, head: '' };
  let from: number | undefined;
  do {
    const { data } = await verifyAuditLog({ query: { from } });
    found.verified += data.verified ?? 0;
    found.head = data.head ?? found.head;
    if (data.isIntact === false) return { ...found, broken: data.broken ?? {} };
    from = data.next;
  } while (from !== undefined);
  return found;
}
