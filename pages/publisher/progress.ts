import type { Api } from '../client/publisher/types.gen';
import { either } from '../kit/language';
import { paths } from './paths';
import { endpointOf } from './use-api';
import { words } from './words';

export interface Step {
  name: string;
  note: string;
  isDone: boolean;
  to: string;
}

export interface Progress {
  steps: Step[];
  isDeployed: boolean;
  isPublished: boolean;
  /** What must be put right before the API can be deployed, and where. */
  blocker?: { reason: string; to: string };
}

/** How far an API has come, and what stands in its way. */
export function progressOf(api: Api, environments: string[]): Progress {
  const id = api.id ?? '';
  const operations = api.operations?.length ?? 0;
  const schemes = schemesOf(api);
  const isSecured = endpointOf(api, 'production') !== '' || endpointOf(api, 'sandbox') !== '';
  const isDeployed = environments.length > 0;
  const isPublished = api.lifeCycleStatus === 'PUBLISHED';
  const w = words.overview;
  const steps: Step[] = [
    { name: w.design, isDone: operations > 0, note: operations > 0 ? w.designDone(operations) : w.designOpen, to: paths.operations(id) },
    { name: w.secure, isDone: isSecured, note: isSecured ? w.secureDone(schemes || w.none) : w.secureOpen, to: paths.endpoints(id) },
    {
      name: w.deploy,
      isDone: isDeployed,
      note: isDeployed ? w.deployDone(environments.join(', ')) : w.deployOpen,
      to: paths.revisions(id),
    },
    { name: w.publish, isDone: isPublished, note: isPublished ? w.publishDone : w.publishOpen, to: paths.lifecycle(id) },
  ];
  const open = steps.slice(0, 2).find((step) => !step.isDone);
  return { steps, isDeployed, isPublished, blocker: open && { reason: open.note, to: open.to } };
}

/** The kinds of credential of an API, in words. */
export function schemesOf(api: Api): string {
  const named = (api.securityScheme ?? []).map((scheme) => words.overview.schemes[scheme]).filter((name) => name !== undefined);
  return either(named);
}
