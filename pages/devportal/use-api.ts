import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Api } from '../client/devportal/types.gen';
import { operationsOf } from '../kit/console/definition';
import type { Access } from './access';
import { apiRead, definitionRead } from './reads';

export function useApiId(): string {
  return (useParams({ strict: false }) as { apiId: string }).apiId;
}

/** The API of the address; the layout around each page has loaded it. */
export function useApi(): Api {
  return useSuspenseQuery(apiRead(useApiId())).data;
}

/** The operations of the API of the address, with their parameters. */
export function useOperations() {
  return useQuery({ ...definitionRead(useApiId()), select: operationsOf });
}

/** The credential that Get access made in this page; it is in memory only, so a reload forgets it. */
export function useAccess(apiId: string): Access | undefined {
  return useQuery<Access | undefined>({ queryKey: ['access', apiId], enabled: false, gcTime: Number.POSITIVE_INFINITY }).data;
}

export function useKeepAccess(apiId: string) {
  const queries = useQueryClient();
  return (access: Access) => {
    queries.setQueryDefaults(['access'], { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData(['access', apiId], access);
  };
}

export function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'access' });
}

/** Where an API is called. On the platform's own host the page's scheme and port win: they are the ones that work from here. */
export function baseOf(api: Api): string {
  const urls = api.endpointURLs?.[0]?.URLs;
  const named = urls?.https || urls?.http;
  if (!named) return `${location.origin}${api.context}${api.context.endsWith(api.version) ? '' : `/${api.version}`}`;
  const url = new URL(named, location.origin);
  const path = url.pathname.replace(/\/$/, '');
  return LOCAL.includes(url.hostname) || url.host === location.host ? `${location.origin}${path}` : `${url.origin}${path}`;
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];
