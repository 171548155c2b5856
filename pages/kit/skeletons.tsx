import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { words } from './words';

/** The outline of a page, so that nothing jumps when its content comes. */
export function PageSkeleton() {
  return (
    <Stack gap="md" role="status">
      <VisuallyHidden>{words.loading}</VisuallyHidden>
      <Skeleton h={38} w={260} />
      <Skeleton h={18} w="55%" />
      <RowsSkeleton />
    </Stack>
  );
}

export function RowsSkeleton({ rows = 5 }: { rows?: number }) {
  return (
    <Stack gap="xs" mt="md" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike.
        <Skeleton key={row} h={52} radius="md" />
      ))}
    </Stack>
  );
}
