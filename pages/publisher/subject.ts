import { type UseSuspenseQueryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { getApiOptions, getApiProductOptions } from '../client/publisher/@tanstack/react-query.gen';
import type { Api, ApiProduct } from '../client/publisher/types.gen';
import { partsOf } from './paths';
import { API, PRODUCT, type SubjectCalls } from './subject-calls';

/** What the pages of an API and of an API product need of either: both have documents, revisions, a lifecycle and subscribers. */
export interface Subject {
  kind: 'api' | 'product';
  id: string;
  name: string;
  /** Its name for people. */
  title: string;
  version: string;
  state?: string;
  plans: string[];
}

/** What the address says; nothing of it has to be loaded. */
export function useSubjectPlace() {
  const { apiId, productId } = useParams({ strict: false }) as { apiId?: string; productId?: string };
  const kind: Subject['kind'] = productId === undefined ? 'api' : 'product';
  const id = productId ?? apiId ?? '';
  return { kind, id, calls: kind === 'api' ? API : PRODUCT, paths: partsOf(kind, id) };
}

/** The API or the product of the address; the layout around each page has loaded it. */
export function useSubject(): Subject {
  const { kind, id } = useSubjectPlace();
  const options = kind === 'api' ? getApiOptions({ path: { apiId: id } }) : getApiProductOptions({ path: { apiProductId: id } });
  const { data } = useSuspenseQuery(options as unknown as UseSuspenseQueryOptions<Api | ApiProduct>);
  const { name, displayName, version, policies = [] } = data;
  const state = 'lifeCycleStatus' in data ? data.lifeCycleStatus : (data as ApiProduct).state;
  return { kind, id, name, title: displayName || name, version, state, plans: policies };
}

/**
 * Something that is asked of the API or the product of the address; `part` names it among all that is asked of it, `again` says in how
 * many milliseconds it is asked anew.
 */
export function useSubjectQuery<Data>(
  part: unknown[],
  ask: (calls: SubjectCalls, id: string) => Promise<{ data: Data }>,
  again?: (held: Data | undefined) => number | false,
) {
  const { kind, id, calls } = useSubjectPlace();
  return useQuery({
    queryKey: [kind, id, ...part],
    queryFn: async () => (await ask(calls, id)).data,
    refetchInterval: ({ state }) => again?.(state.data) ?? false,
  });
}

export function useDeployments() {
  return useSubjectQuery(['deployments'], (calls, id) => calls.deployments(id));
}
