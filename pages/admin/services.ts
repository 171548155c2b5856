import { queryOptions } from '@tanstack/react-query';
import { send } from '../kit/request';

/** Something of each service that answers at once and changes nothing. */
export const SERVICES = {
  management: '/api/am/admin/v4/settings',
  keyManager: '/oauth2/jwks',
  gateway: '/postern-is-there-a-gateway',
  analytics: '/api/am/analytics/v1/usage',
};

export type ServiceName = keyof typeof SERVICES;

/** How long a service takes to answer, in milliseconds. A gateway that says 404 is there. */
export function serviceOptions(name: ServiceName) {
  return queryOptions({
    queryKey: ['service', name],
    queryFn: async () => {
      const started = performance.now();
      if (name === 'gateway') await reach(SERVICES.gateway);
      else await send(SERVICES[name]);
      return Math.round(performance.now() - started);
    },
    retry: false,
    refetchInterval: 30_000,
  });
}

async function reach(path: string) {
  const response = await fetch(path, { credentials: 'omit', headers: { Accept: 'application/json' } });
  if (response.status >= 500) throw new Error(String(response.status));
}
