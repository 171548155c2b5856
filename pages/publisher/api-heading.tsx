import type { ReactNode } from 'react';
import { StateBadge } from '../kit/badges';
import { TextLink } from '../kit/link-button';
import { PageHeader } from '../kit/page-parts';
import classes from './api-heading.module.css';
import { useSubject, useSubjectPlace } from './subject';
import { words } from './words';

/** The head of a page of an API or of a product: which one, and which page. */
export function ApiHeading({ title, lead, actions }: { title?: string; lead?: ReactNode; actions?: ReactNode }) {
  const { kind, title: name, version, state } = useSubject();
  const { paths } = useSubjectPlace();
  const back = kind === 'api' ? words.api.back : words.products.title;
  return (
    <PageHeader
      title={title ?? name}
      lead={lead}
      actions={actions}
      above={
        <nav className={classes.trail} aria-label={back}>
          <TextLink to={paths.all}>{back}</TextLink>
          <span aria-hidden="true">/</span>
          {title ? <TextLink to={paths.home}>{name}</TextLink> : <span>{version}</span>}
          <StateBadge state={state} />
        </nav>
      }
    />
  );
}
