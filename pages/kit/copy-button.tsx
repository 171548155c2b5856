import { ActionIcon, Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { words } from './words';

/** Copies `value`; says so for two seconds, also to those who listen. */
export function CopyButton({ value, label, wide = false }: { value: string; label?: string; wide?: boolean }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const icon = clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />;
  const name = clipboard.copied ? words.copied : (label ?? words.copy);
  if (wide) {
    return (
      <Button variant="default" size="xs" leftSection={icon} onClick={() => clipboard.copy(value)}>
        <span aria-live="polite">{name}</span>
      </Button>
    );
  }
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={name} title={name} onClick={() => clipboard.copy(value)}>
      {icon}
    </ActionIcon>
  );
}
