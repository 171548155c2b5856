import { Modal, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { QueryView } from '../kit/query-view';
import { words as kit } from '../kit/words';
import { type Frozen, frozenOf } from './archive';
import { useSubject, useSubjectPlace } from './subject';
import { words } from './words';

const DiffView = lazy(() => import('../kit/diff-view'));

/** A state of an API or of a product: a revision by its number, or the draft. */
export interface Side {
  name: string;
  number?: string;
}

/** What differs between two states of an API or of a product: its settings and its definition, each as text. */
export function CompareDialog({ from, to, onClose }: { from: Side; to: Side; onClose: () => void }) {
  const { kind, id, calls } = useSubjectPlace();
  const subject = useSubject();
  const w = words.compare;
  const [part, setPart] = useState<keyof Frozen>('definition');
  const sides = useQuery({
    queryKey: [kind, id, 'compare', from.number, to.number],
    queryFn: () => Promise.all([frozenOf(calls, subject, from.number), frozenOf(calls, subject, to.number)]),
    gcTime: 0,
  });
  return (
    <Modal
      opened
      size="72rem"
      onClose={onClose}
      title={<Text fw={600}>{w.title(from.name, to.name)}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <QueryView query={sides}>
        {([before, after]) => (
          <Stack gap="md">
            <SegmentedControl
              aria-label={w.part}
              data={[
                { value: 'definition', label: w.definition },
                { value: 'settings', label: w.settings },
              ]}
              value={part}
              onChange={(next) => setPart(next as keyof Frozen)}
              style={{ alignSelf: 'start' }}
            />
            {before[part] === after[part] ? (
              <Text c="dimmed">{w.same}</Text>
            ) : (
              <Suspense fallback={<Skeleton h={420} />}>
                <DiffView key={part} label={w.title(from.name, to.name)} before={before[part]} after={after[part]} />
              </Suspense>
            )}
          </Stack>
        )}
      </QueryView>
    </Modal>
  );
}
