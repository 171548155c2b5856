import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { getApiOptions, getApiProductOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { PageProblem } from '../../kit/page-message';
import { type NavGroup, SideNav } from '../../kit/side-nav';
import { PageSkeleton } from '../../kit/skeletons';
import { words as kit } from '../../kit/words';
import { type partsOf, paths } from '../paths';
import { useSubjectPlace } from '../subject';
import { words } from '../words';

/** What all pages of one API stand in. */
export function ApiLayout() {
  const { id } = useSubjectPlace();
  const api = useQuery(getApiOptions({ path: { apiId: id } }));
  if (api.isPending) return <PageSkeleton />;
  if (api.isError) return <PageProblem thrown={api.error} onRetry={() => api.refetch()} />;
  return (
    <SideNav label={api.data.name} groups={groupsOf(id, api.data.type === 'GRAPHQL')}>
      <Outlet />
    </SideNav>
  );
}

/** What all pages of one API product stand in. */
export function ProductLayout() {
  const { id, paths: parts } = useSubjectPlace();
  const product = useQuery(getApiProductOptions({ path: { apiProductId: id } }));
  if (product.isPending) return <PageSkeleton />;
  if (product.isError) return <PageProblem thrown={product.error} onRetry={() => product.refetch()} />;
  return (
    <SideNav label={product.data.name} groups={groupsOfProduct(parts)}>
      <Outlet />
    </SideNav>
  );
}

function groupsOfProduct(parts: ReturnType<typeof partsOf>): NavGroup[] {
  return [
    {
      name: words.api.develop,
      links: [
        { to: parts.home, label: words.api.overview, exact: true },
        { to: parts.documents, label: words.documents.title },
      ],
    },
    {
      name: words.api.run,
      links: [
        { to: parts.revisions, label: words.api.revisions },
        { to: parts.lifecycle, label: words.api.lifecycle },
        { to: parts.versions, label: words.versions.title },
      ],
    },
    {
      name: words.api.watch,
      links: [
        { to: parts.subscribers, label: words.api.subscribers },
        { to: parts.changes, label: words.changes.title },
      ],
    },
  ];
}

function groupsOf(apiId: string, isGraph: boolean): NavGroup[] {
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
        ...(isGraph ? [{ to: paths.complexity(apiId), label: words.complexity.title }] : []),
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
        { to: paths.alerts(apiId), label: kit.alerts },
        { to: paths.changes(apiId), label: words.changes.title },
      ],
    },
  ];
}
