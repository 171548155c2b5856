import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { updateWorkflowStatus } from '../../client/publisher/sdk.gen';
import type { WorkflowInfo } from '../../client/publisher/types.gen';
import { uncoded } from '../../kit/coded';
import { done, refused } from '../../kit/toast';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.home;

/** Yes or no to what somebody has asked for. */
export function Decision({ task: { referenceId = '', description = '' } }: { task: WorkflowInfo }) {
  const refresh = useRefresh();
  const what = uncoded(description);
  const decided = useMutation({
    mutationFn: (status: 'APPROVED' | 'REJECTED') =>
      updateWorkflowStatus({ query: { workflowReferenceId: referenceId }, body: { status } }),
    onSuccess: (_, status) => refresh().then(() => done(status === 'APPROVED' ? w.approved : w.rejected)),
    onError: refused,
  });
  const isAsked = (status: string) => decided.isPending && decided.variables === status;
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="xs"
        aria-label={w.approveOf(what)}
        loading={isAsked('APPROVED')}
        disabled={isAsked('REJECTED')}
        onClick={() => decided.mutate('APPROVED')}
      >
        {w.approve}
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        aria-label={w.rejectOf(what)}
        loading={isAsked('REJECTED')}
        disabled={isAsked('APPROVED')}
        onClick={() => decided.mutate('REJECTED')}
      >
        {w.reject}
      </Button>
    </Group>
  );
}
