import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { getApiOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { PageProblem } from '../../kit/page-message';
import { type NavGroup, SideNav } from '../../kit/side-nav';
import { PageSkeleton } from '../../kit/skeletons';
import { paths } from '../paths';
import { useApiId } from '../use-api';
import { words } from '../words';

/** What all pages of one API stand in. */
export function ApiLayout() {
  const apiId = useApiId();
  const api = useQuery(getApiOptions({ path: { apiId } }));
  if (api.isPending) return <PageSkeleton />;
  if (api.isError) return <PageProblem thrown={api.error} onRetry={() => api.refetch()} />;
  return (
    <SideNav label={api.data.name} groups={groupsOf(apiId)}>
      <Outlet />
    </SideNav>
  );
}

function groupsOf(apiId: string): NavGroup[] {
  return [
    {
      name: words.api.develop,
      links: [
        { to: paths.api(apiId), label: words.api.overview, exact: true },
        { to: paths.operations(apiId), label: words.api.operations },
        { to: paths.definition(apiId), label: words.api.definition },
        { to: paths.endpoints(apiId), label: words.api.endpoints },
        { to: paths.policies(apiId), label: words.policies.title },
        { to: paths.plans(apiId), label: words.api.plans },
        { to: paths.documents(apiId), label: words.documents.title },
      ],
    },
    {
      name: words.api.run,
      links: [
        { to: paths.test(apiId), label: words.test.title },
        { to: paths.revisions(apiId), label: words.api.revisions },
        { to: paths.lifecycle(apiId), label: words.api.lifecycle },
        { to: paths.versions(apiId), label: words.versions.title },
      ],
    },
    {
      name: words.api.watch,
      links: [
        { to: paths.subscribers(apiId), label: words.api.subscribers },
        { to: paths.compliance(apiId), label: words.compliance.title },
        { to: paths.comments(apiId), label: words.talk.title },
        { to: paths.statistics(apiId), label: words.api.statistics },
      ],
    },
  ];
}
