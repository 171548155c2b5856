import { spoken } from '../language';

/** The texts of statistics, which only their pages load. */
export const words = await spoken({
  en: () => import('../words/charts-en'),
  de: () => import('../words/charts-de'),
  ar: () => import('../words/charts-ar'),
});
