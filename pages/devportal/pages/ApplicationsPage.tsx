import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getApplicationsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import type { ApplicationInfo } from '../../client/devportal/types.gen';
import { Badge } from '../../kit/badges';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { type Listed, useTurn } from '../../kit/listed';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { ApplicationCreate } from '../forms/application-create';
import { paths } from '../paths';
import { words } from '../words';

interface Search extends Listed {
  by?: 'name' | 'throttlingPolicy' | 'status';
  order?: 'asc' | 'desc';
}

function Nothing({ isFiltered, onCreate, onClear }: { isFiltered: boolean; onCreate: () => void; onClear: () => void }) {
  if (isFiltered) return <NothingMatches onClear={onClear} />;
  return (
    <EmptyState
      title={words.applications.emptyTitle}
      help={words.applications.emptyHelp}
      action={<Button onClick={onCreate}>{words.applications.create}</Button>}
    />
  );
}

const COLUMNS: Column<ApplicationInfo>[] = [
  {
    name: words.applications.name,
    sortBy: 'name',
    cell: (application) => <TextLink to={paths.application(application.applicationId ?? '')}>{application.name}</TextLink>,
  },
  { name: words.applications.policy, sortBy: 'throttlingPolicy', cell: (application) => application.throttlingPolicy },
  { name: words.applications.subscriptions, cell: (application) => application.subscriptionCount ?? 0, end: true },
  { name: words.applications.status, sortBy: 'status', cell: (application) => <Status status={application.status ?? ''} /> },
  { name: words.applications.created, cell: (application) => moment(application.createdTime), end: true },
];

function Status({ status }: { status: string }) {
  return <Badge tone={status === 'APPROVED' ? 'good' : 'warm'} label={words.applications.statuses[status] ?? status} />;
}

export function ApplicationsPage() {
  const [search, setSearch] = useAddress<Search>();
  const turn = useTurn();
  const [isCreating, setIsCreating] = useState(false);
  const applications = useQuery({
    ...getApplicationsOptions({
      query: { ...turn, sortBy: search.by, sortOrder: search.order },
    }),
    placeholderData: keepPreviousData,
  });
  const create = () => setIsCreating(true);
  return (
    <>
      <PageHeader
        title={words.applications.title}
        lead={words.applications.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={create}>
            {words.applications.create}
          </Button>
        }
      />
      <Group mb="md">
        <SearchBox label={words.applications.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query, offset: 0 })} />
      </Group>
      <QueryView query={applications}>
        {(page) =>
          page.list.length === 0 ? (
            <Nothing isFiltered={Boolean(search.query)} onCreate={create} onClear={() => setSearch({ query: '', offset: 0 })} />
          ) : (
            <>
              <ListTable
                label={words.applications.title}
                columns={COLUMNS}
                rows={page.list}
                rowKey={(application) => application.applicationId ?? ''}
                sort={search}
                onSort={(sort) => setSearch({ by: sort.by as Search['by'], order: sort.order })}
              />
              <Pages total={page.pagination?.total ?? page.count} />
            </>
          )
        }
      </QueryView>
      {isCreating ? <ApplicationCreate onClose={() => setIsCreating(false)} /> : null}
    </>
  );
}
