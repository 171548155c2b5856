import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getCustomRulesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteCustomRule } from '../../client/admin/sdk.gen';
import type { CustomRule } from '../../client/admin/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { CustomRuleEdit } from '../forms/custom-rule-edit';
import { inWords, useRefresh } from '../policies';
import { words } from '../words';

type Asked = { what: 'edit'; rule?: CustomRule } | { what: 'delete'; rule: CustomRule };

function columnsOf(ask: (asked: Asked) => void): Column<CustomRule>[] {
  return [
    { name: words.policies.name, cell: ({ policyName }) => <strong>{policyName}</strong> },
    { name: words.custom.limit, cell: ({ defaultLimit }) => (defaultLimit ? inWords({ defaultLimit }) : '–') },
    { name: words.custom.key, cell: ({ keyTemplate }) => <code>{keyTemplate}</code> },
    { name: words.custom.condition, cell: ({ condition }) => (condition ? <code>{condition}</code> : words.custom.allCalls) },
    {
      name: words.policies.actions,
      end: true,
      cell: (rule) => (
        <RowActions
          labels={{ edit: words.policies.edit(rule.policyName), remove: words.policies.remove(rule.policyName) }}
          onEdit={() => ask({ what: 'edit', rule })}
          onDelete={() => ask({ what: 'delete', rule })}
        />
      ),
    },
  ];
}

export function CustomRulesPage() {
  const rules = useQuery(getCustomRulesOptions());
  const [asked, ask] = useState<Asked>();
  const refresh = useRefresh();
  const close = () => ask(undefined);
  return (
    <>
      <PageHeader
        title={words.custom.title}
        lead={words.custom.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={() => ask({ what: 'edit' })}>
            {words.custom.create}
          </Button>
        }
      />
      <QueryView query={rules}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={words.custom.emptyTitle} help={words.custom.emptyHelp} />
          ) : (
            <ListTable label={words.custom.title} columns={columnsOf(ask)} rows={list} rowKey={({ policyId }) => policyId ?? ''} />
          )
        }
      </QueryView>
      {asked?.what === 'edit' ? <CustomRuleEdit rule={asked.rule} onClose={close} /> : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={words.policies.deleteTitle(asked.rule.policyName)}
          body={words.custom.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            deleteCustomRule({ path: { ruleId: asked.rule.policyId ?? '' } })
              .then(refresh)
              .then(() => done(words.policies.deleted(asked.rule.policyName)))
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}
