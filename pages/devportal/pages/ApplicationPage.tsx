import '@mantine/core/styles/Tabs.css';
import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { getApplicationOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { deleteApplication } from '../../client/devportal/sdk.gen';
import type { Application } from '../../client/devportal/types.gen';
import { Confirm } from '../../kit/confirm';
import { TextLink } from '../../kit/link-button';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowsSkeleton } from '../../kit/skeletons';
import { done } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { ApiKeys } from '../application/api-keys';
import { OAuthKeys } from '../application/oauth-keys';
import { Requests } from '../application/requests';
import { Subscriptions } from '../application/subscriptions';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { waits } from '../waits';
import { words } from '../words';
import classes from './application.module.css';

const Alerts = lazy(() => import('../application/alerts'));

export type KeyType = 'PRODUCTION' | 'SANDBOX';

export function ApplicationPage() {
  const { applicationId } = useParams({ strict: false }) as { applicationId: string };
  const application = useQuery(getApplicationOptions({ path: { applicationId } }));
  return <QueryView query={application}>{(found) => <Parts application={found} />}</QueryView>;
}

function Parts({ application }: { application: Application }) {
  const [search, setSearch] = useAddress<{
    part?: string;
    kind?: string;
    view?: string;
    query?: string;
    about?: string;
    offset?: number;
  }>();
  const kind: KeyType = search.kind === 'sandbox' ? 'SANDBOX' : 'PRODUCTION';
  const id = application.applicationId ?? '';
  const w = words.application;
  const kinds = (
    <SegmentedControl
      mb="md"
      aria-label={w.kind}
      data={[
        { value: 'production', label: w.production },
        { value: 'sandbox', label: w.sandbox },
      ]}
      value={kind.toLowerCase()}
      onChange={(next) => setSearch({ kind: next === 'sandbox' ? next : undefined })}
    />
  );
  return (
    <>
      <PageHeader
        title={application.name}
        lead={application.description || undefined}
        above={<TextLink to={paths.applications()}>{w.trail}</TextLink>}
        actions={<DeleteButton application={application} />}
      />
      <Tabs
        value={search.part ?? 'subscriptions'}
        onChange={(part) => setSearch({ part: part ?? undefined, view: '', query: '', about: '', offset: 0 })}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs} aria-label={w.tabs} mb="lg">
          <Tabs.Tab value="subscriptions">{w.subscriptions}</Tabs.Tab>
          <Tabs.Tab value="oauth">{w.oauth}</Tabs.Tab>
          <Tabs.Tab value="api-keys">{w.apiKeys}</Tabs.Tab>
          <Tabs.Tab value="requests">{words.requests.title}</Tabs.Tab>
          <Tabs.Tab value="alerts">{kit.alerts}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="subscriptions">
          <Subscriptions applicationId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="oauth">
          {kinds}
          <OAuthKeys key={kind} applicationId={id} keyType={kind} />
        </Tabs.Panel>
        <Tabs.Panel value="api-keys">
          {kinds}
          <ApiKeys key={kind} applicationId={id} keyType={kind} />
        </Tabs.Panel>
        <Tabs.Panel value="requests">
          <Requests applicationId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <Suspense fallback={<RowsSkeleton />}>
            <Alerts application={application} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function DeleteButton({ application }: { application: Application }) {
  const [isAsked, setIsAsked] = useState(false);
  const navigate = useNavigate();
  const refresh = useRefresh();
  async function remove() {
    const answer = await deleteApplication({ path: { applicationId: application.applicationId ?? '' } });
    await navigate({ to: paths.applications() });
    done(waits(answer) ? words.application.asked : words.application.deleted(application.name));
    await refresh();
  }
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setIsAsked(true)}>
        {words.application.delete}
      </Button>
      {isAsked ? (
        <Confirm
          title={words.application.deleteTitle(application.name)}
          body={words.application.deleteBody}
          action={words.application.delete}
          onConfirm={remove}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </>
  );
}
