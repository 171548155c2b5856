import { spoken } from '../kit/language';

/** What the pages of people say: second factors, account, recovery, registration. */
export const words = await spoken({
  en: () => import('./words/people-en'),
  de: () => import('./words/people-de'),
  ar: () => import('./words/people-ar'),
});
