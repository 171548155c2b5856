import { Alert, Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import { StateBadge } from '../../kit/badges';
import { TextLink } from '../../kit/link-button';
import { PageProblem } from '../../kit/page-message';
import { PageHeader } from '../../kit/page-parts';
import { useSession } from '../../kit/session';
import { PageSkeleton } from '../../kit/skeletons';
import { useAddress } from '../../kit/use-address';
import { useRowInSight } from '../../kit/use-row-in-sight';
import { paths } from '../paths';
import { apiRead } from '../reads';
import { useApiId } from '../use-api';
import { words } from '../words';
import classes from './api-layout.module.css';

const AccessDialog = lazy(() => import('../forms/access-dialog'));

/** What the pages of one API stand in: its name, its state, and Get access, always in reach. */
export function ApiLayout() {
  const apiId = useApiId();
  const api = useQuery(apiRead(apiId));
  const [search, setSearch] = useAddress<{ access?: string }>();
  if (api.isPending) return <PageSkeleton />;
  if (api.isError) return <PageProblem thrown={api.error} onRetry={() => api.refetch()} />;
  const name = api.data.displayName || api.data.name;
  return (
    <>
      <PageHeader
        title={name}
        above={
          <div className={classes.trail}>
            <TextLink to={paths.catalogue()}>{words.api.trail}</TextLink>
            <span aria-hidden="true">/</span>
            <span>{api.data.version}</span>
            <StateBadge state={api.data.lifeCycleStatus} />
          </div>
        }
        actions={<AccessButton api={api.data} onOpen={() => setSearch({ access: 'get' })} />}
      />
      {api.data.lifeCycleStatus === 'DEPRECATED' ? (
        <Alert color="ochre" radius="md" mb="lg">
          {words.api.deprecated}
        </Alert>
      ) : null}
      <PageTabs apiId={apiId} name={name} />
      <Outlet />
      {search.access === 'get' ? (
        <Suspense>
          <AccessDialog api={api.data} onClose={() => setSearch({ access: undefined })} />
        </Suspense>
      ) : null}
    </>
  );
}

function PageTabs({ apiId, name }: { apiId: string; name: string }) {
  const row = useRef<HTMLElement>(null);
  useRowInSight(row);
  return (
    <nav className={classes.tabs} aria-label={words.api.pages(name)} ref={row}>
      <Link className={classes.tab} to={paths.api(apiId)} activeOptions={{ exact: true, includeSearch: false }}>
        {words.api.overview}
      </Link>
      {TABS.map(({ to, label }) => (
        <Link key={label} className={classes.tab} to={to(apiId)} activeOptions={{ includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function AccessButton({ api, onOpen }: { api: Api; onOpen: () => void }) {
  const session = useSession();
  if (api.isSubscriptionAvailable === false && api.tiers?.length) return null;
  return (
    <Button size="md" leftSection={<IconKey size={18} />} onClick={onOpen} disabled={!session}>
      {words.api.getAccess}
    </Button>
  );
}

const TABS = [
  { to: paths.reference, label: words.reference.title },
  { to: paths.console, label: words.api.console },
  { to: paths.documents, label: words.documents.title },
  { to: paths.apiKeys, label: words.application.apiKeys },
  { to: paths.comments, label: words.talk.title },
];
