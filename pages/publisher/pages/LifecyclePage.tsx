import { Text } from '@mantine/core';
import type { LifecycleHistoryItem } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { ApiHeading } from '../api-heading';
import { DeleteButton } from '../lifecycle/delete-button';
import { Transitions } from '../lifecycle/transitions';
import { useDeployments, useSubjectQuery } from '../subject';
import { endpointOf, useApi } from '../use-api';
import { words } from '../words';

const COLUMNS: Column<LifecycleHistoryItem>[] = [
  { name: words.lifecycle.to, cell: (step) => <StateBadge state={step.postState?.toUpperCase()} /> },
  { name: words.lifecycle.from, cell: (step) => (step.previousState ? <StateBadge state={step.previousState.toUpperCase()} /> : '–') },
  { name: words.lifecycle.who, cell: (step) => step.user },
  { name: words.lifecycle.when, cell: (step) => moment(step.updatedTime), end: true },
];

/** The lifecycle of an API. */
export function LifecyclePage() {
  const api = useApi();
  return <Lifecycle hasEndpoint={endpointOf(api, 'production') !== '' || endpointOf(api, 'sandbox') !== ''} />;
}

/** The same of a product, whose endpoints are those of its APIs. */
export function ProductLifecyclePage() {
  return <Lifecycle />;
}

function Lifecycle({ hasEndpoint }: { hasEndpoint?: boolean }) {
  const deployments = useDeployments();
  const state = useSubjectQuery(['state'], (calls, id) => calls.state(id));
  const history = useSubjectQuery(['history'], (calls, id) => calls.history(id));
  const standing = { hasEndpoint, isDeployed: (deployments.data?.list.length ?? 0) > 0 };
  return (
    <>
      <ApiHeading title={words.lifecycle.title} lead={words.lifecycle.lead} actions={<DeleteButton />} />
      <Panels>
        <QueryView query={state}>{(found) => <Transitions state={found} standing={standing} />}</QueryView>
        <Panel title={words.lifecycle.history}>
          <QueryView query={history}>
            {(found) =>
              found.list.length === 0 ? (
                <Text c="dimmed">{words.lifecycle.noHistory}</Text>
              ) : (
                <ListTable
                  label={words.lifecycle.history}
                  columns={COLUMNS}
                  rows={found.list}
                  rowKey={(step) => `${step.updatedTime} ${step.postState}`}
                />
              )
            }
          </QueryView>
        </Panel>
      </Panels>
    </>
  );
}
