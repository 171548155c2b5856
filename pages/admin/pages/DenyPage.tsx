import { Button, Switch } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getDenyPoliciesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteDenyPolicy, updateDenyPolicyStatus } from '../../client/admin/sdk.gen';
import type { BlockingCondition } from '../../client/admin/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { done, refused } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { whomInWords } from '../denials';
import { DenyCreate } from '../forms/deny-create';
import { useRefresh } from '../policies';
import { words } from '../words';

type Denial = BlockingCondition;

function columnsOf(toggle: (denial: Denial) => void, remove: (denial: Denial) => void): Column<Denial>[] {
  return [
    { name: words.deny.whom, cell: (denial) => <strong>{whomInWords(denial)}</strong> },
    { name: words.deny.kind, cell: ({ conditionType }) => words.deny.kinds[conditionType] },
    { name: words.deny.reason, cell: ({ reason }) => reason || '–' },
    { name: words.deny.until, cell: ({ expiresAt }) => (expiresAt ? moment(expiresAt) : words.deny.forEver) },
    {
      name: words.deny.counts,
      cell: (denial) => (
        <Switch
          aria-label={words.deny.countsOf(whomInWords(denial))}
          checked={denial.conditionStatus ?? true}
          onChange={() => toggle(denial)}
        />
      ),
    },
    {
      name: words.deny.actions,
      end: true,
      cell: (denial) => <RowActions labels={{ remove: words.deny.remove(whomInWords(denial)) }} onDelete={() => remove(denial)} />,
    },
  ];
}

export function DenyPage() {
  const denials = useQuery(getDenyPoliciesOptions());
  const [isCreating, setIsCreating] = useState(false);
  const [removed, setRemoved] = useState<Denial>();
  const refresh = useRefresh();
  const toggled = useMutation({
    mutationFn: ({ conditionId = '', conditionStatus }: Denial) =>
      updateDenyPolicyStatus({ path: { conditionId }, body: { conditionId, conditionStatus: conditionStatus === false } }),
    onSuccess: refresh,
    onError: refused,
  });
  return (
    <>
      <PageHeader
        title={words.deny.title}
        lead={words.deny.lead}
        actions={
          <Button leftSection={<IconBan size={17} />} onClick={() => setIsCreating(true)}>
            {words.deny.create}
          </Button>
        }
      />
      <QueryView query={denials}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={words.deny.emptyTitle} help={words.deny.emptyHelp} />
          ) : (
            <ListTable
              label={words.deny.title}
              columns={columnsOf(toggled.mutate, setRemoved)}
              rows={list}
              rowKey={({ conditionId }) => conditionId ?? ''}
            />
          )
        }
      </QueryView>
      {isCreating ? <DenyCreate onClose={() => setIsCreating(false)} /> : null}
      {removed ? (
        <Confirm
          title={words.deny.remove(whomInWords(removed))}
          body={words.deny.removeBody}
          action={kit.delete}
          onConfirm={() =>
            deleteDenyPolicy({ path: { conditionId: removed.conditionId ?? '' } })
              .then(refresh)
              .then(() => done(words.deny.removed(whomInWords(removed))))
          }
          onClose={() => setRemoved(undefined)}
        />
      ) : null}
    </>
  );
}
