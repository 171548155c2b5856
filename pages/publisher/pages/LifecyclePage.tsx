import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { getApiLifecycleHistoryOptions, getApiLifecycleStateOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { deleteApi } from '../../client/publisher/sdk.gen';
import type { LifecycleHistoryItem } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { Transitions } from '../lifecycle/transitions';
import { paths } from '../paths';
import { useApi, useApiId, useRefresh } from '../use-api';
import { words } from '../words';

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
