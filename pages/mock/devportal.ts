import type * as Devportal from '../client/devportal/types.gen';
import { plans } from './admin';
import type { Answers, Asked } from './platform';
import { found, newId, page, type Store } from './store';

const BASE = '/api/am/devportal/v3';

export const devportalAnswers: Answers = {
  [`GET ${BASE}/apis`]: ({ store, query }) =>
    page(visible(store).filter((api) => api.name.toLowerCase().includes((query.get('query') ?? '').toLowerCase()))),
  [`GET ${BASE}/tags`]: () => page([{ value: 'pets', count: 1 }]),
  [`GET ${BASE}/apis/{id}`]: ({ store, parts }) => found(visible(store).find((api) => api.id === parts[0])),
  [`GET ${BASE}/apis/{id}/swagger`]: ({ store, parts }) => found(store.definitions.get(parts[0] ?? '')),
  [`GET ${BASE}/throttling-policies/{level}`]: () => page(plans),
  [`GET ${BASE}/key-managers`]: () => page([{ name: 'Resident Key Manager', type: 'default', tokenEndpoint: '/oauth2/token' }]),
  [`GET ${BASE}/applications`]: ({ store }) => page(store.applications),
  [`POST ${BASE}/applications`]: async ({ store, json }) => {
    const made = {
      ...(await json()),
      applicationId: newId(store),
      status: 'APPROVED',
      createdTime: new Date().toISOString(),
      subscriptionCount: 0,
    };
    store.applications.push(made as unknown as Devportal.Application);
    return made;
  },
  [`GET ${BASE}/applications/{id}`]: (asked) => applicationOf(asked),
  [`DELETE ${BASE}/applications/{id}`]: ({ store, parts }) => {
    store.applications = store.applications.filter((application) => application.applicationId !== parts[0]);
    return {};
  },
  [`GET ${BASE}/subscriptions`]: ({ store, query }) =>
    page(store.subscriptions.filter((subscription) => subscription.applicationId === query.get('applicationId'))),
  [`POST ${BASE}/subscriptions`]: async ({ store, json }) => subscribed(store, (await json()) as unknown as Devportal.Subscription),
  [`DELETE ${BASE}/subscriptions/{id}`]: ({ store, parts }) => {
    store.subscriptions = store.subscriptions.filter((subscription) => subscription.subscriptionId !== parts[0]);
    return {};
  },
  [`GET ${BASE}/applications/{id}/oauth-keys`]: ({ store, parts }) => page(store.keys.get(parts[0] ?? '') ?? []),
  [`POST ${BASE}/applications/{id}/generate-keys`]: async ({ store, parts, json }) => {
    const { keyType } = await json();
    const key = {
      keyMappingId: newId(store),
      keyType,
      consumerKey: 'ck-mock',
      supportedGrantTypes: ['client_credentials'],
    } as Devportal.ApplicationKey;
    store.keys.set(parts[0] ?? '', [...(store.keys.get(parts[0] ?? '') ?? []), key]);
    return { ...key, consumerSecret: 'a-secret-that-is-shown-once' };
  },
  [`POST ${BASE}/applications/{id}/oauth-keys/{key}/generate-token`]: () => ({
    accessToken: 'a-token-that-is-shown-once',
    validityTime: 3600,
  }),
  [`POST ${BASE}/applications/{id}/oauth-keys/{key}/regenerate-secret`]: () => ({
    consumerKey: 'ck-mock',
    consumerSecret: 'another-secret',
  }),
  [`GET ${BASE}/applications/{id}/api-keys/{kind}`]: ({ store, parts }) => page(store.apiKeys.get(parts.join()) ?? []),
  [`POST ${BASE}/applications/{id}/api-keys/{kind}/generate`]: async ({ store, parts, json }) => {
    const { keyName } = await json();
    const key = { keyUUID: newId(store), keyName: String(keyName), issuedOn: Date.now(), validityPeriod: -1, lastFour: 'Zq3f' };
    store.apiKeys.set(parts.join(), [...(store.apiKeys.get(parts.join()) ?? []), key]);
    return { keyName, apikey: 'ptn_live_mockmockmockmockmockmockmockmockmockmockmocZq3f', validityPeriod: -1 };
  },
  [`POST ${BASE}/applications/{id}/api-keys/{kind}/revoke`]: async ({ store, parts, json }) => {
    const { keyUUID } = await json();
    const kept = (store.apiKeys.get(parts.join()) ?? []).filter((key) => key.keyUUID !== keyUUID);
    store.apiKeys.set(parts.join(), kept);
    return {};
  },
};

function visible(store: Store) {
  return store.apis
    .filter((api) => ['PUBLISHED', 'PROTOTYPED', 'DEPRECATED'].includes(api.lifeCycleStatus ?? ''))
    .map((api) => ({
      ...api,
      provider: api.provider ?? '',
      isSubscriptionAvailable: true,
      tiers: (api.policies ?? []).map((tierName) => ({ tierName, tierPlan: 'FREE' as const })),
    }));
}

function applicationOf({ store, parts }: Asked): Devportal.Application {
  return found(store.applications.find((application) => application.applicationId === parts[0]));
}

function subscribed(store: Store, asked: Devportal.Subscription): Devportal.Subscription {
  const api = found(store.apis.find((candidate) => candidate.id === asked.apiId));
  const application = found(store.applications.find((candidate) => candidate.applicationId === asked.applicationId));
  const made = {
    ...asked,
    subscriptionId: newId(store),
    status: 'UNBLOCKED' as const,
    apiInfo: { id: api.id, name: api.name, version: api.version },
    applicationInfo: { applicationId: application.applicationId, name: application.name, subscriber: store.username },
  };
  store.subscriptions.push(made);
  return made;
}
