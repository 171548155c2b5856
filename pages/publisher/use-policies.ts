import { useQuery } from '@tanstack/react-query';
import { getAllApiSpecificOperationPolicies, getAllCommonOperationPolicies } from '../client/publisher/sdk.gen';
import type { OperationPolicyData } from '../client/publisher/types.gen';
import { keyOf } from '../kit/lanes/lanes';

/** What an API may use, by name; its own policies take the place of common ones. */
export function usePoliciesOf(apiId: string) {
  return useQuery({
    queryKey: ['operation-policies', apiId],
    queryFn: async (): Promise<OperationPolicyData[]> => {
      const query = { limit: MOST };
      const [common, own] = await Promise.all([
        getAllCommonOperationPolicies({ query }),
        getAllApiSpecificOperationPolicies({ path: { apiId }, query }),
      ]);
      const all = new Map([...(common.data.list ?? []), ...(own.data.list ?? [])].map((policy) => [keyOf(policy), policy]));
      return [...all.values()].sort((a, b) => (a.displayName ?? '').localeCompare(b.displayName ?? ''));
    },
    staleTime: 60_000,
  });
}

const MOST = 200;
