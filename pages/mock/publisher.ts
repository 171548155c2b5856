import type * as Publisher from '../client/publisher/types.gen';
import { plans } from './admin';
import { analyticsAnswers } from './analytics';
import type { Answers, Asked } from './platform';
import { found, newId, page, Refusal, type Store } from './store';

const BASE = '/api/am/publisher/v4';

export const publisherAnswers: Answers = {
  [`GET ${BASE}/settings`]: () => ({ environment: [{ id: '1', name: 'Default', serverUrl: '', vhosts: [{ host: 'localhost' }] }] }),
  [`GET ${BASE}/throttling-policies/{level}`]: ({ parts }) => page(parts[0] === 'api' ? [] : plans),
  [`GET ${BASE}/apis`]: ({ store, query }) => page(store.apis.filter((api) => matches(api, query.get('query') ?? ''))),
  [`POST ${BASE}/apis/validate-openapi`]: async ({ form }) => validated(await textOf(await form())),
  [`POST ${BASE}/apis/import-openapi`]: async ({ store, form }) => created(store, await form()),
  [`GET ${BASE}/apis/{id}`]: (asked) => apiOf(asked),
  [`PUT ${BASE}/apis/{id}`]: async (asked) => Object.assign(apiOf(asked), await asked.json()),
  [`DELETE ${BASE}/apis/{id}`]: ({ store, parts }) => {
    store.apis = store.apis.filter((api) => api.id !== parts[0]);
    return {};
  },
  [`GET ${BASE}/apis/{id}/swagger`]: ({ store, parts }) => found(store.definitions.get(parts[0] ?? '')),
  [`GET ${BASE}/apis/{id}/revisions`]: (asked) => page(revisionsOf(asked)),
  [`POST ${BASE}/apis/{id}/revisions`]: async (asked) => {
    const revisions = revisionsOf(asked);
    const { description } = await asked.json();
    const revision = {
      id: newId(asked.store),
      displayName: `Revision ${revisions.length + 1}`,
      description: String(description ?? ''),
      deploymentInfo: [],
    };
    asked.store.revisions.set(asked.parts[0] ?? '', [{ ...revision, createdTime: new Date().toISOString() }, ...revisions]);
    return revision;
  },
  [`POST ${BASE}/apis/{id}/deploy-revision`]: (asked) => {
    const wanted = asked.query.get('revisionId');
    const revisions = revisionsOf(asked).map((revision) => ({
      ...revision,
      deploymentInfo: revision.id === wanted ? [{ name: 'Default', vhost: 'localhost' }] : [],
    }));
    asked.store.revisions.set(asked.parts[0] ?? '', revisions);
    return [];
  },
  [`GET ${BASE}/workflows`]: ({ store }) => page(store.workflows),
  [`POST ${BASE}/workflows/update-workflow-status`]: async ({ store, query, json }) => {
    const task = found(store.workflows.find(({ referenceId }) => referenceId === query.get('workflowReferenceId')));
    store.workflows = store.workflows.filter((one) => one !== task);
    return { ...task, workflowStatus: String((await json()).status) };
  },
  [`GET ${BASE}/apis/{id}/comments`]: () =>
    page([{ id: COMMENT, content: 'Does it know cats, too? And if it does, for how long has it?' }]),
  [`GET ${BASE}/api-products`]: () => page([]),
  [`GET ${BASE}/apis/{id}/deployments`]: (asked) => page(revisionsOf(asked).flatMap((revision) => revision.deploymentInfo ?? [])),
  [`POST ${BASE}/apis/change-lifecycle`]: ({ store, query }) => changed(store, query.get('apiId') ?? '', query.get('action') ?? ''),
  [`GET ${BASE}/apis/{id}/lifecycle-state`]: (asked) => stateOf(apiOf(asked).lifeCycleStatus ?? 'CREATED'),
  [`GET ${BASE}/apis/{id}/lifecycle-history`]: ({ store, parts }) => page(store.history.get(parts[0] ?? '') ?? []),
  [`GET ${BASE}/apis/{id}/audit-log`]: ({ store, parts, query }) => {
    const entries = entriesOf(store, parts[0] ?? '');
    return page(entries.filter(({ action }) => action === (query.get('action') ?? action)));
  },
  [`GET ${BASE}/apis/{id}/audit-log/{entry}`]: ({ store, parts }) =>
    found(entriesOf(store, parts[0] ?? '').find(({ id }) => String(id) === parts[1])),
  [`GET ${BASE}/subscriptions`]: ({ store, query }) =>
    page(
      store.subscriptions
        .filter((subscription) => subscription.apiId === query.get('apiId'))
        .map((subscription) => ({ ...subscription, subscriptionStatus: subscription.status })),
    ),
  ...analyticsAnswers,
};

function apiOf({ store, parts }: Asked): Publisher.Api {
  return found(store.apis.find((api) => api.id === parts[0]));
}

function revisionsOf({ store, parts }: Asked): Publisher.ApiRevision[] {
  return store.revisions.get(parts[0] ?? '') ?? [];
}

/** One entry for each step of the lifecycle. */
function entriesOf(store: Store, apiId: string) {
  const steps = (store.history.get(apiId) ?? []).map(({ previousState, postState, user, updatedTime }, index, { length }) => ({
    id: length - index,
    time: updatedTime,
    actor: user,
    action: previousState ? 'api.change-lifecycle' : 'api.create',
    subject: apiId,
    changes: [{ place: 'state', before: previousState ?? null, after: postState }],
  }));
  return [...store.entries, ...steps];
}

function matches(api: Publisher.Api, query: string): boolean {
  return query.split(' ').every((word) => {
    const [name, value] = word.includes(':') ? word.split(':') : ['name', word];
    return name === 'status' ? api.lifeCycleStatus === value : api.name.toLowerCase().includes((value ?? '').toLowerCase());
  });
}

async function textOf(form: FormData): Promise<string> {
  const file = form.get('file') ?? form.get('inlineAPIDefinition');
  return typeof file === 'string' || file === null ? (file ?? '') : file.text();
}

interface Read {
  isValid: boolean;
  errors: Publisher.ErrorListItem[];
  info?: Publisher.OpenApiDefinitionValidationResponse['info'];
  definition?: object;
}

function validated(text: string): Read {
  try {
    const definition = JSON.parse(text);
    const operations = Object.entries(definition.paths as object).flatMap(([target, item]) =>
      Object.keys(item).map((verb) => ({ target, verb: verb.toUpperCase() as 'GET' })),
    );
    const { title, version, description } = definition.info;
    const endpoints = (definition.servers ?? []).map(({ url }: { url: string }) => url);
    const info = { name: title, version, description, context: '', openAPIVersion: definition.openapi, endpoints, operations };
    return { isValid: true, errors: [], info, definition };
  } catch {
    return { isValid: false, errors: [{ code: 'malformed', message: 'line 1, column 1: the document is neither JSON nor YAML' }] };
  }
}

async function created(store: Store, form: FormData): Promise<Publisher.Api> {
  const { info, definition } = validated(await textOf(form));
  const properties = JSON.parse(String(form.get('additionalProperties') ?? '{}'));
  if (store.apis.some((api) => api.context === properties.context)) {
    throw new Refusal(409, 'Conflict', `an API with the context \`${properties.context}\` exists already`);
  }
  const now = String(Date.now());
  const api: Publisher.Api = {
    ...properties,
    id: newId(store),
    description: info?.description,
    provider: store.username,
    lifeCycleStatus: 'CREATED',
    operations: info?.operations,
    createdTime: now,
    lastUpdatedTimestamp: now,
  };
  store.apis.push(api);
  store.definitions.set(api.id ?? '', definition ?? {});
  store.history.set(api.id ?? '', [{ postState: 'CREATED', user: store.username, updatedTime: new Date().toISOString() }]);
  return api;
}

function stateOf(state: string): Publisher.LifecycleState {
  return { state, availableTransitions: TRANSITIONS[state] ?? [] };
}

function changed(store: Store, apiId: string, action: string) {
  const api = found(store.apis.find((candidate) => candidate.id === apiId)) as { lifeCycleStatus?: string };
  const transition = found(stateOf(api.lifeCycleStatus ?? '').availableTransitions?.find(({ event }) => event === action));
  const step = {
    previousState: api.lifeCycleStatus,
    postState: transition.targetState,
    user: store.username,
    updatedTime: new Date().toISOString(),
  };
  store.history.set(apiId, [step, ...(store.history.get(apiId) ?? [])]);
  api.lifeCycleStatus = transition.targetState;
  return { workflowStatus: 'APPROVED', lifecycleState: stateOf(transition.targetState ?? '') };
}

/** The id of the one comment. */
export const COMMENT = '00000000-0000-4000-8000-00000000c0de';

const TRANSITIONS: Record<string, Publisher.LifecycleState['availableTransitions']> = {
  CREATED: [
    { event: 'Deploy as a Prototype', targetState: 'PROTOTYPED' },
    { event: 'Publish', targetState: 'PUBLISHED' },
  ],
  PUBLISHED: [
    { event: 'Block', targetState: 'BLOCKED' },
    { event: 'Demote to Created', targetState: 'CREATED' },
    { event: 'Deprecate', targetState: 'DEPRECATED' },
  ],
  BLOCKED: [{ event: 'Re-Publish', targetState: 'PUBLISHED' }],
  DEPRECATED: [{ event: 'Retire', targetState: 'RETIRED' }],
};
