import { Button, Group, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getWorkflowsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { updateWorkflowStatus } from '../../client/admin/sdk.gen';
import type { WorkflowInfo } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { Coded, uncoded } from '../../kit/coded';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { PageHeader, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { ApprovalRules } from '../forms/approval-rules';
import { Rejection } from '../forms/rejection';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.approvals;

function columnsOf(reject: (task: WorkflowInfo) => void): Column<WorkflowInfo>[] {
  return [
    {
      name: w.what,
      cell: ({ description = '' }) => (
        <strong>
          <Coded text={description} />
        </strong>
      ),
    },
    { name: w.kind, cell: ({ workflowType = '' }) => <Badge tone="cool" label={w.kinds[workflowType] ?? workflowType} /> },
    { name: w.who, cell: ({ createdBy }) => createdBy || '–' },
    { name: w.since, cell: ({ createdTime }) => ago(createdTime) },
    { name: w.actions, end: true, cell: (task) => <Decision task={task} onReject={() => reject(task)} /> },
  ];
}

function Decision({ task, onReject }: { task: WorkflowInfo; onReject: () => void }) {
  const refresh = useRefresh();
  const what = uncoded(task.description ?? '');
  const approved = useMutation({
    mutationFn: () => updateWorkflowStatus({ query: { workflowReferenceId: task.referenceId ?? '' }, body: { status: 'APPROVED' } }),
    onSuccess: () => refresh().then(() => done(w.approved)),
    onError: refused,
  });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="xs" aria-label={w.approveOf(what)} loading={approved.isPending} onClick={() => approved.mutate()}>
        {w.approve}
      </Button>
      <Button size="xs" variant="subtle" color="red" aria-label={w.rejectOf(what)} onClick={onReject}>
        {w.reject}
      </Button>
    </Group>
  );
}

export function ApprovalsPage() {
  const [search, setSearch] = useAddress<{ kind?: string; offset?: number }>();
  const [rejected, reject] = useState<WorkflowInfo>();
  const { limit, offset } = useTurn();
  const tasks = useQuery(getWorkflowsOptions({ query: { workflowType: search.kind || undefined, limit, offset } }));
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} />
      <Panels>
        <Select
          aria-label={w.kind}
          data={KINDS}
          value={search.kind ?? ''}
          onChange={(kind) => setSearch({ kind: kind ?? '', offset: 0 })}
          w={220}
        />
        <QueryView query={tasks}>
          {({ list = [], next }) =>
            list.length === 0 ? (
              <Nothing isFiltered={Boolean(search.kind)} onClear={() => setSearch({ kind: '', offset: 0 })} />
            ) : (
              <div>
                <ListTable label={w.title} columns={columnsOf(reject)} rows={list} rowKey={({ referenceId }) => referenceId ?? ''} />
                <Pages total={offset + list.length + (next ? 1 : 0)} />
              </div>
            )
          }
        </QueryView>
        <ApprovalRules />
      </Panels>
      {rejected ? <Rejection task={rejected} onClose={() => reject(undefined)} /> : null}
    </>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? <NothingMatches onClear={onClear} /> : <EmptyState title={w.emptyTitle} help={w.emptyHelp} />;
}

const KINDS = [{ value: '', label: w.anyKind }, ...Object.entries(w.kinds).map(([value, label]) => ({ value, label }))];
