import type { Speech } from '../language';
import type { Words } from './talk-en';

const de = (say: Speech): Words => ({
  list: 'Kommentare',
  yours: 'Ihr Kommentar',
  add: 'Kommentieren',
  reply: 'Antworten',
  replyTo: (name) => `${name} antworten`,
  allReplies: (amount) => `Alle ${amount} Antworten`,
  yourReply: 'Ihre Antwort',
  editOf: 'Ihren Kommentar bearbeiten',
  deleteOf: (name) => `Kommentar von ${name} löschen`,
  deleteTitle: 'Diesen Kommentar löschen?',
  deleteBody: 'Seine Antworten gehen mit. Das lässt sich nicht zurücknehmen.',
  deleted: 'Der Kommentar ist gelöscht',
  publisher: 'Herausgeber',
  changed: 'geändert',
  emptyTitle: 'Noch hat niemand etwas gesagt',
  emptyHelp: 'Fragen, Lob und Ärger sind hier willkommen.',
  count: (amount) => say.plural(amount, { one: 'Ein Kommentar', other: '# Kommentare' }),
});

export default de;
