import type { Subject } from './subject';
import type { SubjectCalls } from './subject-calls';

export interface Target {
  name: string;
  host: string;
}

export function deployRevision(calls: SubjectCalls, id: string, revisionId: string, { name, host }: Target) {
  return calls.deploy(id, revisionId, [{ name, vhost: host, displayOnDevportal: true }]);
}

/** Freezes the draft, brings it to the gateway and, when it is not visible yet, to the consumers. */
export async function deployAndPublish(calls: SubjectCalls, { id, state }: Pick<Subject, 'id' | 'state'>, target: Target) {
  const { data: revision } = await calls.freeze(id);
  await deployRevision(calls, id, revision.id ?? '', target);
  if (isDraft(state)) await calls.change(id, 'Publish');
}

export const isDraft = (state: string | undefined) => state === 'CREATED' || state === 'PROTOTYPED';
