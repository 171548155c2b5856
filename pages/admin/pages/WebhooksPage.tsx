import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { getAlertWebhooksOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { deleteAlertWebhook } from '../../client/alerts/sdk.gen';
import type { Webhook } from '../../client/alerts/types.gen';
import { useEditing } from '../../kit/editing';
import { EmptyState } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { WebhookCreate } from '../forms/webhook-create';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.webhooks;

/** Where signed messages go to: of alerts, of reports, and of what is decided outside. */
export function WebhooksPage() {
  const webhooks = useQuery(getAlertWebhooksOptions());
  const refresh = useRefresh();
  const [isMade, setIsMade] = useState(false);
  const editing = useEditing<Webhook>({
    labels: ({ name }) => ({ remove: w.remove(name) }),
    removal: {
      title: ({ name }) => w.deleteTitle(name),
      body: w.deleteBody,
      run: ({ id = '' }) => deleteAlertWebhook({ path: { webhookId: id } }).then(refresh),
      said: ({ name }) => w.deleted(name),
    },
  });
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setIsMade(true)}>
      {words.outside.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={webhooks.data?.list.length === 0 ? null : add} />
      <QueryView query={webhooks}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={w.emptyTitle} help={w.emptyHelp} action={add} />
          ) : (
            <ListTable label={w.title} columns={columnsOf(editing.actions)} rows={list} rowKey={({ id = '' }) => id} />
          )
        }
      </QueryView>
      {editing.dialogs}
      {isMade ? <WebhookCreate onClose={() => setIsMade(false)} /> : null}
    </>
  );
}

function columnsOf(actions: (webhook: Webhook) => ReactNode): Column<Webhook>[] {
  return [
    { name: words.outside.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: words.outside.address, cell: ({ url }) => <code>{url}</code> },
    { name: w.made, cell: ({ createdTime }) => ago(createdTime) },
    { name: words.keyManagers.actions, end: true, cell: actions },
  ];
}
