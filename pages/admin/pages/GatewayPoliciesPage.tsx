import { Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getEnvironmentsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { getAllGatewayPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { deleteGatewayPolicyByPolicyId, engageGlobalPolicy } from '../../client/publisher/sdk.gen';
import { useEditing } from '../../kit/editing';
import { EmptyState } from '../../kit/empty-state';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { paths } from '../paths';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.gatewayPolicies;

/** A mapping of policies, as the list has it. */
interface Mapping {
  id?: string;
  displayName?: string;
  appliedGatewayLabels?: string[];
}

/** What is done to the calls of all APIs, and in which environments. */
export function GatewayPoliciesPage() {
  const mappings = useQuery(getAllGatewayPoliciesOptions({ query: { limit: 100 } }));
  const environments = useQuery(getEnvironmentsOptions()).data?.list ?? [];
  const refresh = useRefresh();
  const editing = useEditing<Mapping>({
    labels: ({ displayName = '' }) => ({ remove: words.policies.remove(displayName) }),
    removal: {
      title: ({ displayName = '' }) => words.policies.deleteTitle(displayName),
      body: w.deleteBody,
      run: ({ id = '' }) => deleteGatewayPolicyByPolicyId({ path: { gatewayPolicyMappingId: id } }).then(refresh),
      said: ({ displayName = '' }) => words.policies.deleted(displayName),
    },
  });
  const add = (
    <LinkButton to={paths.gatewayPolicyNew()} leftSection={<IconPlus size={17} />}>
      {w.create}
    </LinkButton>
  );
  const columns: Column<Mapping>[] = [
    {
      name: words.policies.name,
      cell: ({ id = '', displayName }) => <TextLink to={paths.gatewayPolicy(id)}>{displayName}</TextLink>,
    },
    ...environments.map(
      ({ name, displayName }): Column<Mapping> => ({
        name: w.runsIn(displayName || name),
        cell: (mapping) => <Running mapping={mapping} environment={name} />,
      }),
    ),
    { name: words.policies.actions, end: true, cell: editing.actions },
  ];
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} actions={add} />
      <QueryView query={mappings}>
        {({ list = [] }) =>
          list.length === 0 ? (
            <EmptyState title={w.emptyTitle} help={w.emptyHelp} />
          ) : (
            <ListTable label={w.title} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
          )
        }
      </QueryView>
      {editing.dialogs}
    </>
  );
}

/** Whether a mapping runs in an environment; another takes its place there. */
function Running({ mapping, environment }: { mapping: Mapping; environment: string }) {
  const { id = '', displayName = '', appliedGatewayLabels = [] } = mapping;
  const refresh = useRefresh();
  const changed = useMutation({
    mutationFn: (gatewayDeployment: boolean) =>
      engageGlobalPolicy({ path: { gatewayPolicyMappingId: id }, body: [{ gatewayLabel: environment, gatewayDeployment }] }),
    onSuccess: async (_, isRunning) => {
      await refresh();
      done(isRunning ? w.started(displayName, environment) : w.stopped(displayName, environment));
    },
    onError: refused,
  });
  return (
    <Switch
      aria-label={w.switchOf(displayName, environment)}
      checked={appliedGatewayLabels.includes(environment)}
      disabled={changed.isPending}
      onChange={(event) => changed.mutate(event.currentTarget.checked)}
    />
  );
}
