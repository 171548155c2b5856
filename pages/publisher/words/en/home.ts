/** What the Publisher says on its first page. */
export const home = {
  title: 'Home',
  lead: 'What waits for you, what your APIs do, and what came last.',
  waiting: 'Waiting for you',
  nothing: 'Nothing waits for you.',
  subscription: 'Subscription',
  approve: 'Approve',
  approveOf: (what: string) => `Approve: ${what}`,
  approved: 'It is approved',
  reject: 'Reject',
  rejectOf: (what: string) => `Reject: ${what}`,
  rejected: 'It is rejected',
  product: 'Product',
  isOutdated: (name: string) => `An API behind ${name} has changed`,
  deployment: 'Deployment',
  hasFailed: (name: string, environment: string) => `${name} is not taken up in ${environment}`,
  day: 'Last 24 hours',
  noCalls: 'No calls yet.',
  statistics: 'All statistics',
  newest: 'Newest APIs',
  allApis: 'All APIs',
};

export type Home = typeof home;
