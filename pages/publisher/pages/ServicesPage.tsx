import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { searchServicesOptions } from '../../client/service-catalog/@tanstack/react-query.gen';
import { deleteService } from '../../client/service-catalog/sdk.gen';
import type { Service } from '../../client/service-catalog/types.gen';
import { useEditing } from '../../kit/editing';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { ServiceApi } from '../forms/service-api';
import { ServiceEdit } from '../forms/service-edit';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.services;

/** What runs somewhere and has a definition; APIs are made of it. */
export function ServicesPage() {
  const [search, setSearch] = useAddress<{ name?: string; offset?: number }>();
  const [made, make] = useState<Service>();
  const offset = search.offset ?? 0;
  const services = useQuery({
    ...searchServicesOptions({ query: { limit: LIMIT, offset, name: search.name } }),
    placeholderData: keepPreviousData,
  });
  const refresh = useRefresh();
  const editing = useEditing<Service>({
    form: (service, onClose) => <ServiceEdit service={service} onClose={onClose} />,
    labels: ({ name }) => ({ edit: w.editOf(name), remove: w.deleteOf(name) }),
    removal: {
      title: ({ name }) => w.deleteTitle(name),
      body: w.deleteBody,
      run: ({ id = '' }) => deleteService({ path: { serviceId: id } }).then(refresh),
      said: ({ name }) => w.deleted(name),
    },
  });
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
      {w.add}
    </Button>
  );
  const columns: Column<Service>[] = [
    { name: w.name, cell: ({ name }) => <strong>{name}</strong> },
    { name: w.version, cell: ({ version }) => version },
    { name: w.kind, cell: ({ definitionType }) => w.kinds[definitionType] },
    { name: w.address, cell: ({ serviceUrl }) => <code>{serviceUrl}</code> },
    { name: w.usage, cell: ({ usage = 0 }) => usage, end: true },
    {
      name: words.documents.actions,
      end: true,
      cell: (service) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button size="xs" variant="default" aria-label={w.makeOf(service.name)} onClick={() => make(service)}>
            {w.make}
          </Button>
          {editing.actions(service)}
        </Group>
      ),
    },
  ];
  const isFirst = !search.name && offset === 0 && services.data?.list?.length === 0;
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={isFirst ? null : add} />
      {isFirst ? null : (
        <Group mb="md">
          <SearchBox label={w.search} value={search.name ?? ''} onSearch={(name) => setSearch({ name, offset: 0 })} />
        </Group>
      )}
      <QueryView query={services}>
        {({ list = [], pagination }) => {
          if (isFirst) return <EmptyState title={w.emptyTitle} help={w.emptyHelp} action={add} />;
          if (list.length === 0) return <NothingMatches onClear={() => setSearch({ name: '', offset: 0 })} />;
          return (
            <>
              <ListTable label={w.title} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
              <Pages
                offset={offset}
                limit={LIMIT}
                total={pagination?.total ?? list.length}
                onTurn={(next) => setSearch({ offset: next })}
              />
            </>
          );
        }}
      </QueryView>
      {editing.dialogs}
      {made ? <ServiceApi service={made} onClose={() => make(undefined)} /> : null}
    </>
  );
}

const LIMIT = 25;
