import { useQuery } from '@tanstack/react-query';
import { getAllApisOptions, getApplicationsOptions } from '../../client/admin/@tanstack/react-query.gen';
import { AlertsView } from '../../kit/alerts/alerts-view';
import { KINDS } from '../../kit/alerts/scope';
import { words as alerts } from '../../kit/alerts/words';
import { PageHeader } from '../../kit/page-parts';

/** The alerts of the organization, and the rules of everybody. */
export function AlertsPage() {
  const apis = useQuery(getAllApisOptions({ query: { limit: MOST } })).data?.apis ?? [];
  const applications = useQuery(getApplicationsOptions({ query: { limit: MOST } })).data?.list ?? [];
  return (
    <>
      <PageHeader title={alerts.title} lead={alerts.leads.admin} />
      <AlertsView
        scope={{
          apis: apis.map(({ id = '', name, version }) => ({ value: id, label: `${name} ${version}` })),
          applications: applications.map(({ applicationId = '', name = '' }) => ({ value: applicationId, label: name })),
          kinds: KINDS,
          mayJudge: true,
        }}
      />
    </>
  );
}

/** What a rule can be about is chosen from so many. */
const MOST = 200;
