import { Button, Group } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { getApplicationsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { changeApplicationOwner, deleteApplication } from '../../client/admin/sdk.gen';
import type { Application } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { useEditing } from '../../kit/editing';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { OwnerChange } from '../forms/owner-change';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.owned;

interface Search {
  name?: string;
  user?: string;
  offset?: number;
}

function columnsOf(give: (application: Application) => void, actions: (application: Application) => ReactNode): Column<Application>[] {
  return [
    { name: w.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.owner, cell: ({ owner }) => owner },
    { name: w.policy, cell: ({ throttlingPolicy }) => throttlingPolicy ?? '–' },
    { name: w.subscriptions, cell: ({ subscriptionCount }) => subscriptionCount ?? 0, end: true },
    {
      name: w.status,
      cell: ({ status = '' }) => <Badge tone={status === 'APPROVED' ? 'good' : 'warm'} label={w.statuses[status] ?? status} />,
    },
    {
      name: w.actions,
      end: true,
      cell: (application) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button size="xs" variant="default" aria-label={w.changeOf(application.name ?? '')} onClick={() => give(application)}>
            {w.change}
          </Button>
          {actions(application)}
        </Group>
      ),
    },
  ];
}

export function ApplicationsPage() {
  const [search, setSearch] = useAddress<Search>();
  const [given, give] = useState<Application>();
  const refresh = useRefresh();
  const { limit, offset } = useTurn();
  const query = { name: search.name || undefined, user: search.user || undefined, limit, offset };
  const applications = useQuery({ ...getApplicationsOptions({ query }), placeholderData: keepPreviousData });
  const editing = useEditing<Application>({
    labels: ({ name = '' }) => ({ remove: w.remove(name) }),
    removal: {
      title: ({ name = '' }) => w.removeTitle(name),
      body: w.removeBody,
      run: ({ applicationId = '' }) => deleteApplication({ path: { applicationId } }).then(refresh),
      said: ({ name = '' }) => w.removed(name),
    },
  });
  const isFiltered = Boolean(search.name || search.user);
  return (
    <>
      <PageHeader title={w.applications} lead={w.applicationsLead} />
      <Group mb="md" gap="sm">
        <SearchBox label={w.searchName} value={search.name ?? ''} onSearch={(name) => setSearch({ name, offset: 0 })} />
        <SearchBox label={w.byOwner} value={search.user ?? ''} onSearch={(user) => setSearch({ user, offset: 0 })} />
      </Group>
      <QueryView query={applications}>
        {({ list = [], pagination }) =>
          list.length === 0 ? (
            <Nothing isFiltered={isFiltered} onClear={() => setSearch({ name: '', user: '', offset: 0 })} />
          ) : (
            <>
              <ListTable
                label={w.applications}
                columns={columnsOf(give, editing.actions)}
                rows={list}
                rowKey={({ applicationId }) => applicationId ?? ''}
              />
              <Pages total={pagination?.total ?? list.length} />
            </>
          )
        }
      </QueryView>
      {editing.dialogs}
      {given ? (
        <OwnerChange
          name={given.name ?? ''}
          owner={given.owner ?? ''}
          run={(owner) => changeApplicationOwner({ path: { applicationId: given.applicationId ?? '' }, query: { owner } })}
          onClose={() => give(undefined)}
        />
      ) : null}
    </>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? <NothingMatches onClear={onClear} /> : <EmptyState title={w.noApplications} help={w.noApplicationsHelp} />;
}
