import { spoken } from '../language';

/** What a log of changes says; loaded with it. */
export const words = await spoken({
  en: () => import('../words/audit-en'),
  de: () => import('../words/audit-de'),
  ar: () => import('../words/audit-ar'),
});
