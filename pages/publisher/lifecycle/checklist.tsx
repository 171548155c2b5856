import { VisuallyHidden } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getApiDocumentsOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { TextLink } from '../../kit/link-button';
import { Panel } from '../../kit/page-parts';
import { paths } from '../paths';
import type { Standing } from '../transitions';
import { useApi } from '../use-api';
import { words } from '../words';
import classes from './lifecycle.module.css';

const w = words.checklist;

/** What a publisher does well to have before consumers come, and where to do it. */
export function Checklist({ standing }: { standing: Standing }) {
  const api = useApi();
  const apiId = api.id ?? '';
  const documents = useQuery(getApiDocumentsOptions({ path: { apiId }, query: { limit: 1 } }));
  const checks = [
    { label: w.endpoint, isDone: standing.hasEndpoint, to: paths.endpoints(apiId) },
    { label: w.deployment, isDone: standing.isDeployed, to: paths.revisions(apiId) },
    { label: w.plan, help: w.planHelp, isDone: (api.policies?.length ?? 0) > 0, to: paths.plans(apiId) },
    { label: w.document, isDone: (documents.data?.list?.length ?? 0) > 0, to: paths.documents(apiId) },
  ];
  return (
    <Panel title={w.title}>
      <ul className={classes.checks}>
        {checks.map(({ label, help, isDone, to }) => (
          <li key={label} className={isDone ? classes.isDone : undefined}>
            {isDone ? <IconCircleCheck size={20} aria-hidden="true" /> : <IconCircleDashed size={20} aria-hidden="true" />}
            <span>
              <VisuallyHidden>{isDone ? w.done : w.open}: </VisuallyHidden>
              {isDone ? label : <TextLink to={to}>{label}</TextLink>}
              {help && !isDone ? <small> {help}</small> : null}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
