import type { ReactNode } from 'react';
import { StateBadge } from '../kit/badges';
import { TextLink } from '../kit/link-button';
import { PageHeader } from '../kit/page-parts';
import classes from './api-heading.module.css';
import { paths } from './paths';
import { useApi } from './use-api';
import { words } from './words';

/** The head of a page of an API: which API, and which page. */
export function ApiHeading({ title, lead, actions }: { title?: string; lead?: ReactNode; actions?: ReactNode }) {
  const api = useApi();
  const name = api.displayName || api.name;
  return (
    <PageHeader
      title={title ?? name}
      lead={lead}
      actions={actions}
      above={
        <nav className={classes.trail} aria-label={words.api.back}>
          <TextLink to={paths.apis()}>{words.api.back}</TextLink>
          <span aria-hidden="true">/</span>
          {title ? <TextLink to={paths.api(api.id ?? '')}>{name}</TextLink> : <span>{api.version}</span>}
          <StateBadge state={api.lifeCycleStatus} />
        </nav>
      }
    />
  );
}
