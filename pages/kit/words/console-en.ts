import type { Speech } from '../language';

/** What the console says: a call as it is sent, and what came back. */
const en = (say: Speech) => ({
  operation: 'Operation',
  noOperation: 'The definition names no operation.',
  parameters: 'Parameters',
  path: 'Path',
  query: 'Query',
  header: 'Header',
  body: 'Body',
  send: 'Send',
  statistics: 'See it in the statistics',
  sending: 'Sending',
  copyCurl: 'Copy as curl',
  request: 'Request',
  response: 'Response',
  waiting: 'Send the request to see what the API answers.',
  time: (milliseconds: number) => `${milliseconds} ms`,
  size: (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`),
  headers: 'Headers',
  text: 'Body of the response',
  empty: 'The body is empty.',
  binary: 'The body is not text.',
  limits: 'Limits',
  unreachable: 'The gateway cannot be reached',
  unreachableHelp: 'Check the connection, then send again.',
  explain: (code: string) => `What does code ${code} mean?`,
  pretty: 'Pretty',
  raw: 'Raw',
  view: 'How to show the body',
  needed: (name: string) => `${name} is needed`,
  limit: {
    left: (left: number) => say.plural(left, { one: '# call left', other: '# calls left' }),
    leftOf: (left: number, quota: number) => `${say.number(left)} of ${say.plural(quota, { one: '# call', other: '# calls' })} left`,
    each: (period: string) => ` in each ${period}`,
    anew: (time: string) => `, anew in ${time}`,
    again: (time: string) => `Try again in ${time}.`,
  },
  samples: { title: 'As code', language: 'Language of the sample' },
});

export default en;
export type Words = ReturnType<typeof en>;
