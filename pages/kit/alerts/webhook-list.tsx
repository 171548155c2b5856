import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getAlertWebhooksOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { deleteAlertWebhook } from '../../client/alerts/sdk.gen';
import type { Webhook } from '../../client/alerts/types.gen';
import { useEditing } from '../editing';
import { EmptyState } from '../empty-state';
import { ago } from '../format';
import { type Column, ListTable } from '../list-table';
import { QueryView } from '../query-view';
import { WebhookCreate } from './webhook-create';
import { words as w } from './words';

/** Where signed messages go to: a list, and the ways to add to it and to take from it. */
export function WebhookList() {
  const webhooks = useQuery(getAlertWebhooksOptions());
  const queries = useQueryClient();
  const [isMade, setIsMade] = useState(false);
  const editing = useEditing<Webhook>({
    labels: ({ name }) => ({ remove: w.removeOf(name) }),
    removal: {
      title: ({ name }) => w.deleteTitle(name),
      body: w.webhookBody,
      run: ({ id = '' }) => deleteAlertWebhook({ path: { webhookId: id } }).then(() => queries.invalidateQueries()),
      said: ({ name }) => w.deleted(name),
    },
  });
  const columns: Column<Webhook>[] = [
    { name: w.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.address, cell: ({ url }) => <code>{url}</code> },
    { name: w.made, cell: ({ createdTime }) => ago(createdTime) },
    { name: w.actions, end: true, cell: editing.actions },
  ];
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setIsMade(true)} style={{ alignSelf: 'start' }}>
      {w.addWebhook}
    </Button>
  );
  return (
    <>
      <QueryView query={webhooks}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={w.noWebhookTitle} help={w.noWebhookHelp} action={add} />
          ) : (
            <>
              {add}
              <ListTable label={w.webhooks} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
            </>
          )
        }
      </QueryView>
      {editing.dialogs}
      {isMade ? <WebhookCreate onClose={() => setIsMade(false)} /> : null}
    </>
  );
}
