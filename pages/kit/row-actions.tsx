import { Button, Group } from '@mantine/core';
import { words } from './words';

interface RowActionsProps {
  /** What the buttons do, with the name of the row, for whoever does not see the row. */
  labels: { edit?: string; remove: string };
  onEdit?: () => void;
  onDelete: () => void;
}

/** The end of a row that can be changed and deleted. */
export function RowActions({ labels, onEdit, onDelete }: RowActionsProps) {
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {onEdit ? (
        <Button size="xs" variant="default" aria-label={labels.edit} onClick={onEdit}>
          {words.edit}
        </Button>
      ) : null}
      <Button size="xs" variant="subtle" color="red" aria-label={labels.remove} onClick={onDelete}>
        {words.delete}
      </Button>
    </Group>
  );
}
