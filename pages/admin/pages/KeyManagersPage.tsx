import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getKeyManagersOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteKeyManager } from '../../client/admin/sdk.gen';
import type { KeyManagerInfo } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { KeyManagerEdit } from '../forms/issuer-edit';
import { useRefresh } from '../policies';
import { words } from '../words';

type Asked = { what: 'edit'; id?: string } | { what: 'delete'; keyManager: KeyManagerInfo };

function columnsOf(ask: (asked: Asked) => void): Column<KeyManagerInfo>[] {
  return [
    { name: words.keyManagers.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: words.keyManagers.kind, cell: ({ isGlobal, type }) => (isGlobal ? words.keyManagers.builtIn : kindInWords(type)) },
    { name: words.keyManagers.state, cell: (keyManager) => <State keyManager={keyManager} /> },
    { name: words.keyManagers.tokenType, cell: ({ tokenType }) => words.keyManagers.tokenTypes[tokenType ?? 'DIRECT'] },
    { name: words.keyManagers.description, cell: ({ description }) => description || '–' },
    { name: words.keyManagers.actions, end: true, cell: (keyManager) => <Actions keyManager={keyManager} ask={ask} /> },
  ];
}

function kindInWords(type: string) {
  return words.keyManagers.kinds.find(({ value }) => value === type)?.label ?? type;
}

function State({ keyManager }: { keyManager: KeyManagerInfo }) {
  const isOn = keyManager.enabled === true;
  return <Badge tone={isOn ? 'good' : 'calm'} label={isOn ? words.keyManagers.enabled : words.keyManagers.disabled} />;
}

function Actions({ keyManager, ask }: { keyManager: KeyManagerInfo; ask: (asked: Asked) => void }) {
  if (keyManager.isGlobal) return null;
  const { id, name } = keyManager;
  return (
    <RowActions
      labels={{ edit: words.keyManagers.edit(name), remove: words.keyManagers.remove(name) }}
      onEdit={() => ask({ what: 'edit', id })}
      onDelete={() => ask({ what: 'delete', keyManager })}
    />
  );
}

export function KeyManagersPage() {
  const keyManagers = useQuery(getKeyManagersOptions());
  const [asked, ask] = useState<Asked>();
  const refresh = useRefresh();
  const close = () => ask(undefined);
  return (
    <>
      <PageHeader
        title={words.keyManagers.title}
        lead={words.keyManagers.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={() => ask({ what: 'edit' })}>
            {words.keyManagers.create}
          </Button>
        }
      />
      <QueryView query={keyManagers}>
        {({ list }) => (
          <ListTable
            label={words.keyManagers.title}
            columns={columnsOf(ask)}
            rows={list}
            rowKey={(keyManager) => keyManager.id ?? keyManager.name}
          />
        )}
      </QueryView>
      {asked?.what === 'edit' ? <KeyManagerEdit id={asked.id} onClose={close} /> : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={words.keyManagers.deleteTitle(asked.keyManager.name)}
          body={words.keyManagers.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            deleteKeyManager({ path: { keyManagerId: asked.keyManager.id ?? '' } })
              .then(refresh)
              .then(() => done(words.keyManagers.deleted(asked.keyManager.name)))
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}
