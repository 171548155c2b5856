import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getKeyManagersOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteKeyManager } from '../../client/admin/sdk.gen';
import type { KeyManagerInfo } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { useEditing } from '../../kit/editing';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { KeyManagerEdit } from '../forms/issuer-edit';
import { TokenTest } from '../forms/token-test';
import { useRefresh } from '../policies';
import { words } from '../words';

function columnsOf(actions: (keyManager: KeyManagerInfo) => ReactNode): Column<KeyManagerInfo>[] {
  return [
    { name: words.keyManagers.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: words.keyManagers.kind, cell: ({ isGlobal, type }) => (isGlobal ? words.keyManagers.builtIn : kindInWords(type)) },
    { name: words.keyManagers.state, cell: (keyManager) => <State keyManager={keyManager} /> },
    { name: words.keyManagers.tokenType, cell: ({ tokenType }) => words.keyManagers.tokenTypes[tokenType ?? 'DIRECT'] },
    { name: words.keyManagers.description, cell: ({ description }) => description || '–' },
    { name: words.keyManagers.actions, end: true, cell: (keyManager) => (keyManager.isGlobal ? null : actions(keyManager)) },
  ];
}

function kindInWords(type: string) {
  return words.keyManagers.kinds.find(({ value }) => value === type)?.label ?? type;
}

function State({ keyManager }: { keyManager: KeyManagerInfo }) {
  const isOn = keyManager.enabled === true;
  return <Badge tone={isOn ? 'good' : 'calm'} label={isOn ? words.keyManagers.enabled : words.keyManagers.disabled} />;
}

export function KeyManagersPage() {
  const keyManagers = useQuery(getKeyManagersOptions());
  const refresh = useRefresh();
  const editing = useEditing<KeyManagerInfo>({
    form: (keyManager, onClose) => <KeyManagerEdit id={keyManager?.id} onClose={onClose} />,
    labels: ({ name }) => ({ edit: words.keyManagers.edit(name), remove: words.keyManagers.remove(name) }),
    removal: {
      title: ({ name }) => words.keyManagers.deleteTitle(name),
      body: words.keyManagers.deleteBody,
      run: ({ id = '' }) => deleteKeyManager({ path: { keyManagerId: id } }).then(refresh),
      said: ({ name }) => words.keyManagers.deleted(name),
    },
  });
  return (
    <>
      <PageHeader
        title={words.keyManagers.title}
        lead={words.keyManagers.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {words.keyManagers.create}
          </Button>
        }
      />
      <QueryView query={keyManagers}>
        {({ list }) => (
          <ListTable
            label={words.keyManagers.title}
            columns={columnsOf(editing.actions)}
            rows={list}
            rowKey={(keyManager) => keyManager.id ?? keyManager.name}
          />
        )}
      </QueryView>
      <Panels>
        <TokenTest />
      </Panels>
      {editing.dialogs}
    </>
  );
}
