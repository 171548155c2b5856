import type { Interaction } from '../sign-in/interaction';
import type { Answers } from './platform';
import { Refusal } from './store';

const CLIENT = {
  id: 'c1',
  name: 'Petshop',
  host: 'id.petshop.example',
  uri: 'https://petshop.example/',
  policyUri: 'javascript:alert(1)',
  tosUri: null,
};

/** One interaction that waits for consent; every other name is over. */
const consent: Interaction = {
  kind: 'consent',
  client: CLIENT,
  returnsTo: 'petshop.example',
  scopes: [{ name: 'openid', description: 'Know which account you are' }, { name: 'read:pets' }],
  user: { username: 'ada', displayName: 'Ada' },
  loginHint: null,
  mayContinue: false,
  resumeAt: '/oauth2/authorize/resume?interaction=waiting',
};

export const accountAnswers: Answers = {
  'GET /oauth2/interactions/{id}': ({ parts }) => {
    if (parts[0] !== 'waiting') throw new Refusal(404, 'Not Found', 'the interaction is over');
    return consent;
  },
  'POST /oauth2/device/lookup': async ({ json }) => {
    const { userCode } = await json();
    if (userCode !== 'BCDF-GHJK') throw new Refusal(404, 'Not Found', 'no device waits with this code');
    return { userCode, client: CLIENT, scopes: consent.scopes, user: consent.user };
  },
  'POST /oauth2/device/decision': () => undefined,
};
