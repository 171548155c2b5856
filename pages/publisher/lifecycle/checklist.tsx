import { VisuallyHidden } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { TextLink } from '../../kit/link-button';
import { Panel } from '../../kit/page-parts';
import { paths } from '../paths';
import { useSubject, useSubjectPlace, useSubjectQuery } from '../subject';
import type { Standing } from '../transitions';
import { words } from '../words';
import classes from './lifecycle.module.css';

const w = words.checklist;

interface Check {
  label: string;
  help?: string;
  isDone: boolean;
  to: string;
}

/** What a publisher does well to have before consumers come, and where to do it. */
export function Checklist({ standing }: { standing: Standing }) {
  const { kind, id, paths: parts } = useSubjectPlace();
  const { plans } = useSubject();
  const documents = useSubjectQuery(['documents', 'first'], (calls, subject) => calls.documents(subject, { limit: 1, offset: 0 }));
  const deployment = { label: w.deployment, isDone: standing.isDeployed, to: parts.revisions };
  const document = { label: w.document, isDone: (documents.data?.list?.length ?? 0) > 0, to: parts.documents };
  // What a product lacks of the rest is not given to it on a page of its own.
  const checks: Check[] =
    kind === 'product'
      ? [deployment, document]
      : [
          { label: w.endpoint, isDone: standing.hasEndpoint === true, to: paths.endpoints(id) },
          deployment,
          { label: w.plan, help: w.planHelp, isDone: plans.length > 0, to: paths.plans(id) },
          document,
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
