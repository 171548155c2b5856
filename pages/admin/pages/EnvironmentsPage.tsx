import { useQuery } from '@tanstack/react-query';
import { getEnvironmentsOptions } from '../../client/admin/@tanstack/react-query.gen';
import type { Environment } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { EmptyState } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { words } from '../words';

const COLUMNS: Column<Environment>[] = [
  { name: words.environments.name, cell: (environment) => <strong>{environment.displayName || environment.name}</strong> },
  { name: words.environments.hosts, cell: (environment) => environment.vhosts.map(hostOf).join(', ') },
  { name: words.environments.kind, cell: (environment) => environment.type ?? '–' },
  {
    name: words.environments.status,
    cell: (environment) => <Badge tone={environment.status === 'Inactive' ? 'bad' : 'good'} label={environment.status ?? 'Active'} />,
  },
];

export function EnvironmentsPage() {
  const environments = useQuery(getEnvironmentsOptions());
  return (
    <>
      <PageHeader title={words.environments.title} lead={words.environments.lead} />
      <QueryView query={environments}>
        {(page) =>
          page.list.length === 0 ? (
            <EmptyState title={words.environments.emptyTitle} help={words.environments.emptyHelp} />
          ) : (
            <ListTable
              label={words.environments.title}
              columns={COLUMNS}
              rows={page.list}
              rowKey={(environment) => environment.id ?? environment.name}
            />
          )
        }
      </QueryView>
    </>
  );
}

function hostOf({ host, httpsPort }: Environment['vhosts'][number]): string {
  return httpsPort && httpsPort !== 443 ? `${host}:${httpsPort}` : host;
}
