import { Button, Group } from '@mantine/core';
import { useHold } from './use-hold';
import { words } from './words';

/** The end of a form in a dialog: leave it, or send it. */
export function FormFoot({ action, isPending, onClose }: { action: string; isPending: boolean; onClose: () => void }) {
  useHold();
  return (
    <Group justify="flex-end" gap="sm">
      <Button variant="default" onClick={onClose}>
        {words.cancel}
      </Button>
      <Button type="submit" loading={isPending}>
        {action}
      </Button>
    </Group>
  );
}
