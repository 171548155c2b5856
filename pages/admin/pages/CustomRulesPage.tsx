import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getCustomRulesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteCustomRule } from '../../client/admin/sdk.gen';
import type { CustomRule } from '../../client/admin/types.gen';
import { useEditing } from '../../kit/editing';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { CustomRuleEdit } from '../forms/custom-rule-edit';
import { inWords, useRefresh } from '../policies';
import { words } from '../words';

function columnsOf(actions: (rule: CustomRule) => ReactNode): Column<CustomRule>[] {
  return [
    { name: words.policies.name, cell: ({ policyName }) => <strong>{policyName}</strong> },
    { name: words.custom.limit, cell: ({ defaultLimit }) => (defaultLimit ? inWords({ defaultLimit }) : '–') },
    { name: words.custom.key, cell: ({ keyTemplate }) => <code>{keyTemplate}</code> },
    { name: words.custom.condition, cell: ({ condition }) => (condition ? <code>{condition}</code> : words.custom.allCalls) },
    { name: words.policies.actions, end: true, cell: actions },
  ];
}

export function CustomRulesPage() {
  const rules = useQuery(getCustomRulesOptions());
  const refresh = useRefresh();
  const editing = useEditing<CustomRule>({
    form: (rule, onClose) => <CustomRuleEdit rule={rule} onClose={onClose} />,
    labels: ({ policyName }) => ({ edit: words.policies.edit(policyName), remove: words.policies.remove(policyName) }),
    removal: {
      title: ({ policyName }) => words.policies.deleteTitle(policyName),
      body: words.custom.deleteBody,
      run: ({ policyId = '' }) => deleteCustomRule({ path: { ruleId: policyId } }).then(refresh),
      said: ({ policyName }) => words.policies.deleted(policyName),
    },
  });
  return (
    <>
      <PageHeader
        title={words.custom.title}
        lead={words.custom.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {words.custom.create}
          </Button>
        }
      />
      <QueryView query={rules}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={words.custom.emptyTitle} help={words.custom.emptyHelp} />
          ) : (
            <ListTable
              label={words.custom.title}
              columns={columnsOf(editing.actions)}
              rows={list}
              rowKey={({ policyId }) => policyId ?? ''}
            />
          )
        }
      </QueryView>
      {editing.dialogs}
    </>
  );
}
