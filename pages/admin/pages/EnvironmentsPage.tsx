import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getEnvironmentsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteEnvironment } from '../../client/admin/sdk.gen';
import type { Environment } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { useEditing } from '../../kit/editing';
import { EmptyState } from '../../kit/empty-state';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { EnvironmentEdit } from '../forms/environment-edit';
import { paths } from '../paths';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.environments;

function columnsOf(actions: (environment: Environment) => ReactNode): Column<Environment>[] {
  return [
    { name: w.name, cell: (environment) => <TextLink to={paths.environment(environment.id ?? '')}>{nameOf(environment)}</TextLink> },
    { name: w.hosts, cell: ({ vhosts }) => vhosts.map(hostOf).join(', ') },
    { name: w.kind, cell: ({ type = '' }) => words.places.types[type] ?? (type || '–') },
    { name: w.status, cell: ({ status = 'Active' }) => <Badge tone={status === 'Inactive' ? 'bad' : 'good'} label={w.statuses[status]} /> },
    { name: words.places.actions, end: true, cell: actions },
  ];
}

export function EnvironmentsPage() {
  const environments = useQuery(getEnvironmentsOptions());
  const refresh = useRefresh();
  const editing = useEditing<Environment>({
    form: (environment, onClose) => <EnvironmentEdit environment={environment} onClose={onClose} />,
    labels: (environment) => ({ edit: words.places.edit(nameOf(environment)), remove: words.places.remove(nameOf(environment)) }),
    removal: {
      title: (environment) => words.places.removeTitle(nameOf(environment)),
      body: words.places.removeBody,
      run: ({ id = '' }) => deleteEnvironment({ path: { environmentId: id } }).then(refresh),
      said: (environment) => words.places.removed(nameOf(environment)),
    },
  });
  return (
    <>
      <PageHeader
        title={w.title}
        lead={w.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {words.places.create}
          </Button>
        }
      />
      <QueryView query={environments}>
        {({ list }) =>
          list.length === 0 ? (
            <EmptyState title={w.emptyTitle} help={w.emptyHelp} />
          ) : (
            <ListTable label={w.title} columns={columnsOf(editing.actions)} rows={list} rowKey={({ id, name }) => id ?? name} />
          )
        }
      </QueryView>
      {editing.dialogs}
    </>
  );
}

function nameOf({ displayName, name }: Environment): string {
  return displayName || name;
}

function hostOf({ host, httpsPort }: Environment['vhosts'][number]): string {
  return httpsPort && httpsPort !== 443 ? `${host}:${httpsPort}` : host;
}
