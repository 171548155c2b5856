import type { Speech } from '../language';
import type { Words } from './audit-en';

const de = (_: Speech): Words => ({
  actor: 'Wer',
  action: 'Was',
  subject: 'Woran',
  from: 'Von',
  to: 'Bis',
  when: 'Wann',
  address: 'Adresse',
  details: 'Einzelheiten',
  detailsOf: (number) => `Einzelheiten von Eintrag ${number}`,
  entry: (number) => `Eintrag ${number}`,
  client: 'ein Client',
  emptyTitle: 'Noch wurde nichts geändert',
  emptyHelp: 'Jede Änderung durch die Portale und die Verwaltungs-APIs hinterlässt hier einen Eintrag.',
  older: 'Ältere',
  newest: 'Neueste',
  place: 'Stelle',
  before: 'Vorher',
  after: 'Nachher',
  unchanged: 'Der Eintrag nennt keine Stellen, die sich unterscheiden.',
  userAgent: 'Mit',
  seal: 'Siegel',
});

export default de;
