import { Button, Modal, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSharedScopesOptions, getSharedScopeUsagesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { deleteSharedScope } from '../../client/publisher/sdk.gen';
import type { Scope } from '../../client/publisher/types.gen';
import { useEditing } from '../../kit/editing';
import { ListPage } from '../../kit/list-page';
import { type Column, ListTable } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { QueryView } from '../../kit/query-view';
import { words as kit } from '../../kit/words';
import { ScopeEdit } from '../forms/scope-edit';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.scopes;

/** Scopes that belong to no API alone, and who uses them. */
export function ScopesPage() {
  const { limit, offset } = useTurn();
  const scopes = useQuery({ ...getSharedScopesOptions({ query: { limit, offset } }), placeholderData: keepPreviousData });
  const [looked, look] = useState<Scope>();
  const refresh = useRefresh();
  const editing = useEditing<Scope>({
    form: (scope, onClose) => <ScopeEdit scope={scope} onClose={onClose} />,
    labels: ({ name }) => ({ edit: w.edit(name), remove: w.remove(name) }),
    removal: {
      title: ({ name }) => w.removeTitle(name),
      body: w.removeBody,
      run: ({ id = '' }) => deleteSharedScope({ path: { scopeId: id } }).then(refresh),
      said: ({ name }) => w.removed(name),
    },
  });
  const columns: Column<Scope>[] = [
    { name: w.name, cell: ({ name }) => <code>{name}</code> },
    { name: w.displayName, cell: ({ displayName }) => displayName || '–' },
    { name: w.roles, cell: ({ bindings = [] }) => bindings.join(', ') || w.everybody },
    {
      name: w.usage,
      end: true,
      cell: (scope) =>
        scope.usageCount ? (
          <Button
            size="xs"
            variant="subtle"
            aria-label={`${w.apis(scope.usageCount)}: ${w.usageOf(scope.name)}`}
            onClick={() => look(scope)}
          >
            {w.apis(scope.usageCount)}
          </Button>
        ) : (
          0
        ),
    },
    { name: words.documents.actions, end: true, cell: editing.actions },
  ];
  return (
    <>
      <ListPage
        title={w.title}
        lead={w.lead}
        add={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {w.add}
          </Button>
        }
        empty={{ title: w.emptyTitle, help: w.emptyHelp }}
        query={scopes}
        columns={columns}
        rowKey={({ id = '' }) => id}
      />
      {editing.dialogs}
      {looked ? <Usage scope={looked} onClose={() => look(undefined)} /> : null}
    </>
  );
}

/** Which APIs demand a scope. */
function Usage({ scope, onClose }: { scope: Scope; onClose: () => void }) {
  const usage = useQuery(getSharedScopeUsagesOptions({ path: { scopeId: scope.id ?? '' } }));
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.usageOf(scope.name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <QueryView query={usage}>
        {({ usedApiList = [] }) => (
          <ListTable label={w.usage} columns={USERS} rows={usedApiList} rowKey={({ name, version }) => `${name} ${version}`} />
        )}
      </QueryView>
    </Modal>
  );
}

const USERS: Column<Record<string, unknown>>[] = [
  { name: words.apis.name, cell: ({ name }) => String(name) },
  { name: words.apis.version, cell: ({ version }) => String(version), end: true },
];
