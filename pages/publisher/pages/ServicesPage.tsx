import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { searchServicesOptions } from '../../client/service-catalog/@tanstack/react-query.gen';
import { deleteService } from '../../client/service-catalog/sdk.gen';
import type { Service } from '../../client/service-catalog/types.gen';
import { useEditing } from '../../kit/editing';
import { ListPage } from '../../kit/list-page';
import type { Column } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { ServiceApi } from '../forms/service-api';
import { ServiceEdit } from '../forms/service-edit';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.services;

/** What runs somewhere and has a definition; APIs are made of it. */
export function ServicesPage() {
  const { query: name, ...turn } = useTurn();
  const [made, make] = useState<Service>();
  const services = useQuery({ ...searchServicesOptions({ query: { ...turn, name } }), placeholderData: keepPreviousData });
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
  return (
    <>
      <ListPage
        title={w.title}
        lead={w.lead}
        search={w.search}
        add={add}
        empty={{ title: w.emptyTitle, help: w.emptyHelp }}
        query={services}
        columns={columns}
        rowKey={({ id = '' }) => id}
      />
      {editing.dialogs}
      {made ? <ServiceApi service={made} onClose={() => make(undefined)} /> : null}
    </>
  );
}
