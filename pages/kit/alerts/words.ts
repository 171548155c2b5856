import { spoken } from '../language';

/** What alerts say; loaded with them. */
export const words = await spoken({
  en: () => import('../words/alerts-en'),
  de: () => import('../words/alerts-de'),
  ar: () => import('../words/alerts-ar'),
});
