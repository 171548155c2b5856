import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { getApiLifecycleHistoryOptions, getApiLifecycleStateOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { changeApiLifecycle, deleteApi } from '../../client/publisher/sdk.gen';
import type { LifecycleHistoryItem, LifecycleState } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { paths } from '../paths';
import { transitionsOf } from '../transitions';
import { endpointOf, useApi, useApiId, useDeployments, useRefresh } from '../use-api';
import { words } from '../words';
import classes from './lifecycle.module.css';

const COLUMNS: Column<LifecycleHistoryItem>[] = [
  { name: words.lifecycle.to, cell: (step) => <StateBadge state={step.postState?.toUpperCase()} /> },
  { name: words.lifecycle.from, cell: (step) => (step.previousState ? <StateBadge state={step.previousState.toUpperCase()} /> : '–') },
  { name: words.lifecycle.who, cell: (step) => step.user },
  { name: words.lifecycle.when, cell: (step) => moment(step.updatedTime), end: true },
];

export function LifecyclePage() {
  const apiId = useApiId();
  const state = useQuery(getApiLifecycleStateOptions({ path: { apiId } }));
  const history = useQuery(getApiLifecycleHistoryOptions({ path: { apiId } }));
  return (
    <>
      <ApiHeading title={words.lifecycle.title} lead={words.lifecycle.lead} actions={<DeleteButton />} />
      <Panels>
        <QueryView query={state}>{(found) => <Transitions state={found} />}</QueryView>
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

function Transitions({ state }: { state: LifecycleState }) {
  const api = useApi();
  const refresh = useRefresh();
  const deployments = useDeployments();
  const changed = useMutation({
    mutationFn: (event: string) => changeApiLifecycle({ query: { apiId: api.id ?? '', action: event as 'Publish' } }),
    onSuccess: async (answer) => {
      await refresh();
      done(words.lifecycle.changed(answer.data.lifecycleState?.state ?? ''));
    },
  });
  const standing = {
    hasEndpoint: endpointOf(api, 'production') !== '' || endpointOf(api, 'sandbox') !== '',
    isDeployed: (deployments.data?.list.length ?? 0) > 0,
  };
  const transitions = transitionsOf(state, standing);
  const now = (state.state ?? '').toUpperCase();
  return (
    <Panel title={words.lifecycle.now}>
      <Stack gap="md">
        <div className={classes.now}>
          <StateBadge state={now} /> <Text size="sm">{words.lifecycle.reasons[now]}</Text>
        </div>
        {changed.isError ? <ProblemView thrown={changed.error} /> : null}
        <h3 className={classes.next}>{transitions.length === 0 ? words.lifecycle.nothing : words.lifecycle.next}</h3>
        <ul className={classes.transitions}>
          {transitions.map((transition) => (
            <li key={transition.event}>
              <Button
                variant="default"
                disabled={transition.reason !== undefined}
                loading={changed.isPending && changed.variables === transition.event}
                onClick={() => changed.mutate(transition.event)}
              >
                {transition.event}
              </Button>
              <Text size="sm" c="dimmed">
                {transition.reason ?? transition.meaning}
              </Text>
            </li>
          ))}
        </ul>
      </Stack>
    </Panel>
  );
}

function DeleteButton() {
  const api = useApi();
  const [isAsked, setIsAsked] = useState(false);
  const navigate = useNavigate();
  const refresh = useRefresh();
  async function remove() {
    await deleteApi({ path: { apiId: api.id ?? '' } });
    await navigate({ to: paths.apis() });
    done(words.api.deleted(api.name));
    await refresh();
  }
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setIsAsked(true)}>
        {words.api.delete}
      </Button>
      {isAsked ? (
        <Confirm
          title={words.api.deleteTitle(api.name)}
          body={words.api.deleteBody}
          action={words.api.delete}
          onConfirm={remove}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </>
  );
}
