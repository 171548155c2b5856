import { spoken } from '../language';

/** What the console says; loaded with it. */
export const words = await spoken({
  en: () => import('../words/console-en'),
  de: () => import('../words/console-de'),
  ar: () => import('../words/console-ar'),
});
