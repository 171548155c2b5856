import type * as Analytics from '../client/analytics/types.gen';
import type { Answers, Asked } from './platform';

const BASE = '/api/am/analytics/v1';

export const analyticsAnswers: Answers = {
  [`GET ${BASE}/usage`]: usage,
  [`GET ${BASE}/adoption`]: ({ store }): Analytics.Adoption => ({
    from: '',
    to: '',
    funnel: { viewed: 3, subscribed: 2, called: 1 },
    count: 1,
    list: [
      {
        at: new Date().toISOString(),
        applications: store.applications.length,
        subscriptions: store.subscriptions.length,
        newApplications: 0,
        newSubscriptions: 0,
      },
    ],
  }),
  [`GET ${BASE}/billing/usage`]: ({ query }): Analytics.BilledUsage => ({
    month: query.get('month') ?? '',
    count: 1,
    list: [
      {
        subscriptionId: 's',
        applicationName: 'Kennel',
        apiName: 'PetStore',
        apiVersion: '1.0.0',
        plan: 'Gold',
        debited: 120,
        counted: 100,
        difference: 20,
        billed: 100,
        basis: 'counted',
        invoice: { currency: 'usd', lines: [], totalMinor: 1_250 },
      },
    ],
  }),
};

/** Every call went well, to `/pets`. */
function usage({ store, query }: Asked): Analytics.UsageAnswer {
  const calls = store.calls.filter((call) => call.apiId === (query.get('apiId') ?? call.apiId));
  const figures = { requests: calls.length, successes: calls.length, errors: 0, latency: { p50: 4, p95: 9, p99: 12 } };
  const at = query.get('granularity') ? { at: new Date(calls[0]?.at ?? Date.now()).toISOString() } : {};
  const list = calls.length === 0 ? [] : [{ ...at, ...figures, template: '/pets', method: 'GET', apiId: calls[0]?.apiId }];
  const quality = { source: 'embedded', sampleInterval: 1, percentileError: 0.02 } as const;
  return { from: '', to: '', count: list.length, omitted: 0, quality, total: figures, list };
}
