import { changeApiProductLifecycle, createApiProductRevision, deployApiProductRevision } from '../client/publisher/sdk.gen';
import type { ApiOperations, ApiProduct } from '../client/publisher/types.gen';
import type { Target } from './deploy';

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

/** Freezes the draft, brings it to the gateway and, when it is not visible yet, to the consumers. */
export async function deployProduct({ id: apiProductId = '', state }: ApiProduct, target: Target) {
  const { data: revision } = await createApiProductRevision({ path: { apiProductId }, body: {} });
  await deployApiProductRevision({
    path: { apiProductId },
    query: { revisionId: revision.id ?? '' },
    body: [{ name: target.name, vhost: target.host, displayOnDevportal: true }],
  });
  if (isDraft(state)) await changeApiProductLifecycle({ query: { apiProductId, action: 'Publish' } });
}

export const isDraft = (state: string | undefined) => state === 'CREATED' || state === 'PROTOTYPED';
