import type { Home } from '../en/home';

export const home: Home = {
  title: 'Start',
  lead: 'Was auf Sie wartet, was Ihre APIs tun und was zuletzt kam.',
  waiting: 'Wartet auf Sie',
  nothing: 'Nichts wartet auf Sie.',
  subscription: 'Abonnement',
  approve: 'Genehmigen',
  approveOf: (what) => `Genehmigen: ${what}`,
  approved: 'Es ist genehmigt',
  reject: 'Ablehnen',
  rejectOf: (what) => `Ablehnen: ${what}`,
  rejected: 'Es ist abgelehnt',
  product: 'Produkt',
  isOutdated: (name) => `Eine API hinter ${name} hat sich geändert`,
  deployment: 'Deployment',
  hasFailed: (name, environment) => `${name} ist in ${environment} nicht übernommen`,
  day: 'Letzte 24 Stunden',
  noCalls: 'Noch keine Aufrufe.',
  statistics: 'Alle Statistiken',
  newest: 'Neueste APIs',
  allApis: 'Alle APIs',
};
