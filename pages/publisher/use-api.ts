import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { getApiOptions, getSettingsOptions } from '../client/publisher/@tanstack/react-query.gen';
import type { Api } from '../client/publisher/types.gen';

export function useApiId(): string {
  return (useParams({ strict: false }) as { apiId: string }).apiId;
}

/** The API of the address; the layout around each page has loaded it. */
export function useApi(): Api {
  return useSuspenseQuery(getApiOptions({ path: { apiId: useApiId() } })).data;
}

/** The environment that things are deployed to while there is one. */
export function useEnvironment() {
  const settings = useQuery({ ...getSettingsOptions(), staleTime: 300_000 });
  const environment = settings.data?.environment?.[0];
  return {
    name: environment?.name ?? 'Default',
    host: environment?.vhosts?.[0]?.host ?? location.hostname,
    address: environment?.serverUrl,
  };
}

/** Asks anew for whatever the page shows after a change; a change reaches lists, states and histories at once. */
export function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries();
}

/** The address of the upstream in an endpoint configuration, which the management API leaves free in shape. */
export function endpointOf(api: Api, kind: 'production' | 'sandbox'): string {
  const held = (api.endpointConfig as Record<string, unknown> | undefined)?.[`${kind}_endpoints`];
  const first = Array.isArray(held) ? held[0] : held;
  const url = (first as { url?: unknown } | undefined)?.url;
  return typeof url === 'string' ? url : '';
}

/** Where callers reach an API, its version included. */
export function addressOf(api: Pick<Api, 'context' | 'version'>, origin = location.origin): string {
  const context = api.context.startsWith('/') ? api.context : `/${api.context}`;
  const path = context.includes('{version}') ? context.replace('{version}', api.version) : `${context}/${api.version}`;
  return `${origin}${path}`;
}
