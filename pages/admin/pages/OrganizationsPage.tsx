import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getOrganizationsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { deleteOrganization } from '../../client/admin/sdk.gen';
import type { Organization } from '../../client/admin/types.gen';
import { useEditing } from '../../kit/editing';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { OrganizationEdit } from '../forms/organization-edit';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.organizations;

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? <NothingMatches onClear={onClear} /> : <EmptyState title={w.emptyTitle} help={w.emptyHelp} />;
}

function columnsOf(actions: (organization: Organization) => ReactNode): Column<Organization>[] {
  return [
    { name: w.name, cell: (organization) => <strong>{nameOf(organization)}</strong> },
    { name: w.role, cell: ({ externalOrganizationId }) => <code>{externalOrganizationId}</code> },
    { name: w.description, cell: ({ description }) => description || '–' },
    { name: w.actions, end: true, cell: actions },
  ];
}

/** Whose people consume APIs. */
export function OrganizationsPage() {
  const [search, setSearch] = useAddress<{ query?: string }>();
  const organizations = useQuery(getOrganizationsOptions());
  const refresh = useRefresh();
  const editing = useEditing<Organization>({
    form: (organization, onClose) => <OrganizationEdit organization={organization} onClose={onClose} />,
    labels: (organization) => ({ edit: w.edit(nameOf(organization)), remove: w.remove(nameOf(organization)) }),
    removal: {
      title: (organization) => w.removeTitle(nameOf(organization)),
      body: w.removeBody,
      run: ({ organizationId = '' }) => deleteOrganization({ path: { organizationId } }).then(refresh),
      said: (organization) => w.removed(nameOf(organization)),
    },
  });
  const wanted = (search.query ?? '').toLowerCase();
  return (
    <>
      <PageHeader
        title={w.title}
        lead={w.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {w.create}
          </Button>
        }
      />
      <Group mb="md">
        <SearchBox label={kit.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query })} />
      </Group>
      <QueryView query={organizations}>
        {({ list = [] }) => {
          const shown = list.filter((one) => `${nameOf(one)} ${one.externalOrganizationId}`.toLowerCase().includes(wanted));
          if (shown.length === 0) return <Nothing isFiltered={list.length > 0} onClear={() => setSearch({ query: '' })} />;
          return (
            <ListTable
              label={w.title}
              columns={columnsOf(editing.actions)}
              rows={shown}
              rowKey={({ organizationId = '' }) => organizationId}
            />
          );
        }}
      </QueryView>
      {editing.dialogs}
    </>
  );
}

function nameOf({ displayName, externalOrganizationId }: Organization): string {
  return displayName || externalOrganizationId;
}
