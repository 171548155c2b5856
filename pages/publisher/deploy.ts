import { changeApiLifecycle, createApiRevision, deployApiRevision } from '../client/publisher/sdk.gen';
import type { Api } from '../client/publisher/types.gen';

export interface Target {
  name: string;
  host: string;
}

export async function deployRevision(apiId: string, revisionId: string, target: Target) {
  await deployApiRevision({
    path: { apiId },
    query: { revisionId },
    body: [{ name: target.name, vhost: target.host, displayOnDevportal: true }],
  });
}

/** Freezes the draft, brings it to the gateway and, when it is not visible yet, to the consumers. */
export async function deployAndPublish(api: Api, target: Target) {
  const apiId = api.id ?? '';
  const revision = await createApiRevision({ path: { apiId }, body: {} });
  await deployRevision(apiId, revision.data.id ?? '', target);
  if (api.lifeCycleStatus === 'CREATED' || api.lifeCycleStatus === 'PROTOTYPED') {
    await changeApiLifecycle({ query: { apiId, action: 'Publish' } });
  }
}
