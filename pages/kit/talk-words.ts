import { spoken } from './language';

/** What comments say; loaded with them. */
export const words = await spoken({
  en: () => import('./words/talk-en'),
  de: () => import('./words/talk-de'),
  ar: () => import('./words/talk-ar'),
});
