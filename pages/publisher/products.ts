import type { ApiOperations, ApiProduct } from '../client/publisher/types.gen';

/** Operations of an API that were chosen, by the API's id: `GET /pets`. */
export type Chosen = Record<string, string[]>;

export const keyOf = ({ verb, target }: ApiOperations) => `${verb} ${target}`;

/** What a product bundles, as the API wants it. */
export function apisOf(chosen: Chosen): ApiProduct['apis'] {
  return Object.entries(chosen)
    .filter(([, operations]) => operations.length > 0)
    .map(([apiId, operations]) => ({ apiId, operations: operations.map(operationOf) }));
}

function operationOf(key: string): ApiOperations {
  const at = key.indexOf(' ');
  return { verb: key.slice(0, at) as ApiOperations['verb'], target: key.slice(at + 1) };
}
