import { spoken } from './language';

/** The texts of this folder in the language of the page. */
export const words = await spoken({
  en: () => import('./words/en'),
  de: () => import('./words/de'),
  ar: () => import('./words/ar'),
});
