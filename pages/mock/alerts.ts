import type * as Alerts from '../client/alerts/types.gen';
import type { Answers } from './platform';
import { found, newId, page, Refusal } from './store';

const BASE = '/api/am/analytics/v1/alerts';

export const alertsAnswers: Answers = {
  [`GET ${BASE}`]: ({ store, query }) => page(store.alerts.filter(({ state }) => state === query.get('state'))),
  [`GET ${BASE}/rules`]: ({ store }) => page(store.rules),
  [`POST ${BASE}/rules`]: async ({ store, json }) => {
    const wish = (await json()) as unknown as Alerts.Rule;
    if (store.rules.some(({ name }) => name === wish.name)) throw new Refusal(409, 'Conflict', 'you have a rule of this name already');
    const rule = { ...wish, id: newId(store), owner: store.username };
    store.rules.push(rule);
    return rule;
  },
  [`GET ${BASE}/rules/{id}`]: ({ store, parts }) => found(store.rules.find(({ id }) => id === parts[0])),
  [`PUT ${BASE}/rules/{id}`]: async ({ store, parts, json }) =>
    Object.assign(found(store.rules.find(({ id }) => id === parts[0])), await json()),
  [`DELETE ${BASE}/rules/{id}`]: ({ store, parts }) => {
    store.rules = store.rules.filter(({ id }) => id !== parts[0]);
    return undefined;
  },
  [`POST ${BASE}/rules/{id}/test`]: ({ store, parts }) => {
    const { emails = [], webhooks = [] } = found(store.rules.find(({ id }) => id === parts[0]));
    return { messages: emails.length + webhooks.length };
  },
  [`GET ${BASE}/webhooks`]: () => page([{ id: 'hook', name: 'Operations', url: 'https://ops.example.com/', owner: 'ada' }]),
  [`GET ${BASE}/{id}/deliveries`]: ({ store, parts }) => page(store.deliveries.get(parts[0] ?? '') ?? []),
};
