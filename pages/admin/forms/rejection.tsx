import { Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { updateWorkflowStatus } from '../../client/admin/sdk.gen';
import type { WorkflowInfo } from '../../client/admin/types.gen';
import { Coded } from '../../kit/coded';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.approvals;

/** Says no, and why. */
export function Rejection({ task, onClose }: { task: WorkflowInfo; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const refresh = useRefresh();
  const rejected = useMutation({
    mutationFn: () =>
      updateWorkflowStatus({
        query: { workflowReferenceId: task.referenceId ?? '' },
        body: { status: 'REJECTED', ...(reason.trim() ? { description: reason.trim() } : {}) },
      }),
    onSuccess: async () => {
      await refresh();
      done(w.rejected);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.rejectTitle}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rejected.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            <Coded text={task.description ?? ''} />
          </Text>
          {rejected.isError ? <ProblemView thrown={rejected.error} /> : null}
          <Textarea
            label={w.reason}
            description={w.reasonHelp}
            maxLength={500}
            rows={3}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FormFoot action={w.reject} isPending={rejected.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
