import { useQuery } from '@tanstack/react-query';
import { getAllApisOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { AlertsView } from '../../kit/alerts/alerts-view';
import { type Choice, KINDS } from '../../kit/alerts/scope';
import { words as alerts } from '../../kit/alerts/words';
import { PageHeader } from '../../kit/page-parts';
import { ApiHeading } from '../api-heading';
import { useApi } from '../use-api';

/** The alerts of all APIs, and their rules. */
export function AllAlertsPage() {
  const apis = useQuery(getAllApisOptions({ query: { limit: MOST } })).data?.list ?? [];
  return (
    <>
      <PageHeader title={alerts.title} lead={alerts.leads.publisher} />
      <AlertsView scope={{ apis: apis.map(choiceOf), applications: [], kinds: KINDS }} />
    </>
  );
}

/** The alerts of one API; rules about every API are among its rules. */
export function AlertsPage() {
  const api = useApi();
  return (
    <>
      <ApiHeading title={alerts.title} lead={alerts.leads.api} />
      <AlertsView
        scope={{ apiId: api.id ?? '', apis: [choiceOf(api)], applications: [], kinds: KINDS.filter((kind) => !OTHERS.includes(kind)) }}
      />
    </>
  );
}

function choiceOf({
  id = '',
  displayName,
  name = '',
  version,
}: {
  id?: string;
  displayName?: string;
  name?: string;
  version?: string;
}): Choice {
  return { value: id, label: `${displayName || name} ${version}` };
}

/** What is found of keys, which belong to applications. */
const OTHERS = ['unseen', 'keyExpiry'];
/** What a rule can be about is chosen from so many. */
const MOST = 200;
