import { spoken } from '../language';

/** What the flows of policies say, in the language of the page. */
export const words = await spoken({
  en: () => import('../words/lanes-en'),
  de: () => import('../words/lanes-de'),
  ar: () => import('../words/lanes-ar'),
});
