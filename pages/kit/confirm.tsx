import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemView } from './problem-view';
import { words } from './words';

interface ConfirmProps {
  title: string;
  body: ReactNode;
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back; a refusal shows where it was asked. */
export function Confirm({ title, body, action, onConfirm, onClose }: ConfirmProps) {
  const confirmed = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack gap="md">
        <Text size="sm">{body}</Text>
        {confirmed.isError ? <ProblemView thrown={confirmed.error} /> : null}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button color="red" loading={confirmed.isPending} onClick={() => confirmed.mutate()}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
