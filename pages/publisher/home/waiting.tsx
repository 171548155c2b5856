import { Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  getAllApiProductsOptions,
  getApiRevisionDeploymentsOptions,
  getIsApiProductOutdatedOptions,
  getWorkflowsOptions,
} from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { Badge } from '../../kit/badges';
import { Coded } from '../../kit/coded';
import { TextLink } from '../../kit/link-button';
import { Panel } from '../../kit/page-parts';
import { useSession } from '../../kit/session';
import { RowsSkeleton } from '../../kit/skeletons';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { words } from '../words';
import { Decision } from './decision';
import classes from './home.module.css';

const w = words.home;

interface Task {
  key: string;
  kind: string;
  tone: 'warm' | 'bad' | 'cool';
  text: string;
  /** Where it is moved on; absent where `decision` does that. */
  to?: string;
  decision?: ReactNode;
}

/** What only the publisher can move on: `apis` are those whose deployments are looked at. */
export function Waiting({ apis }: { apis: ApiInfo[] }) {
  const asked = [useHeld(), useOutdated(), useFailed(apis)];
  const tasks = asked.flatMap(({ found }) => found);
  const isPending = asked.some((one) => one.isPending);
  return (
    <Panel title={w.waiting} actions={<TextLink to={paths.allAlerts()}>{kit.alerts}</TextLink>}>
      {tasks.length > 0 ? (
        <ul className={classes.tasks} aria-label={w.waiting}>
          {tasks.map((task) => (
            <li key={task.key} className={classes.task}>
              <Badge tone={task.tone} label={task.kind} />
              <span className={classes.text}>{task.to ? <TextLink to={task.to}>{task.text}</TextLink> : <Coded text={task.text} />}</span>
              {task.decision}
            </li>
          ))}
        </ul>
      ) : null}
      {tasks.length === 0 && isPending ? <RowsSkeleton rows={2} /> : null}
      {tasks.length === 0 && !isPending ? <Text c="dimmed">{w.nothing}</Text> : null}
    </Panel>
  );
}

interface Found {
  found: Task[];
  isPending: boolean;
}

/** Subscriptions that somebody has to decide about; nobody is asked who may not. */
function useHeld(): Found {
  const scopes = useSession()?.scopes ?? [];
  const enabled = scopes.includes('apim:subscription_approval_view');
  const { data, isLoading } = useQuery({ ...getWorkflowsOptions({ query: { limit: MOST } }), enabled });
  const found = (data?.list ?? []).map((task): Task => {
    const text = task.description ?? '';
    return { key: task.referenceId ?? text, kind: w.subscription, tone: 'warm', text, decision: <Decision task={task} /> };
  });
  return { found, isPending: isLoading };
}

/** Products behind which an API has changed. */
function useOutdated(): Found {
  const products = useQuery(getAllApiProductsOptions({ query: { limit: MOST } }));
  const list = products.data?.list ?? [];
  const asked = useQueries({ queries: list.map(({ id = '' }) => getIsApiProductOutdatedOptions({ path: { apiProductId: id } })) });
  const found = list
    .filter((_, index) => asked[index]?.data?.isOutdated === true)
    .map(({ id = '', displayName, name = '' }): Task => {
      return { key: id, kind: w.product, tone: 'cool', text: w.isOutdated(displayName || name), to: paths.product(id) };
    });
  return { found, isPending: products.isPending || asked.some((one) => one.isPending) };
}

/** Deployments that a gateway could not take up. */
function useFailed(apis: ApiInfo[]): Found {
  const asked = useQueries({ queries: apis.map(({ id = '' }) => getApiRevisionDeploymentsOptions({ path: { apiId: id } })) });
  const found = apis.flatMap(({ id = '', displayName, name = '' }, index) =>
    (asked[index]?.data?.list ?? [])
      .filter(({ failedGatewayCount = 0 }) => failedGatewayCount > 0)
      .map((place): Task => {
        const text = w.hasFailed(displayName || name, place.name ?? '');
        return { key: `${id} ${place.name}`, kind: w.deployment, tone: 'bad', text, to: paths.revisions(id) };
      }),
  );
  return { found, isPending: asked.some((one) => one.isPending) };
}

/** Of each kind; whoever has more goes to their page. */
const MOST = 5;
