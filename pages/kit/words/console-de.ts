import type { Speech } from '../language';
import type { Words } from './console-en';

const de = (say: Speech): Words => ({
  operation: 'Operation',
  noOperation: 'Die Definition nennt keine Operation.',
  parameters: 'Parameter',
  path: 'Pfad',
  query: 'Query',
  header: 'Header',
  body: 'Body',
  send: 'Senden',
  statistics: 'In der Statistik ansehen',
  sending: 'Wird gesendet',
  copyCurl: 'Als curl kopieren',
  request: 'Anfrage',
  response: 'Antwort',
  waiting: 'Senden Sie die Anfrage, um zu sehen, was die API antwortet.',
  time: (milliseconds: number) => `${milliseconds} ms`,
  size: (bytes: number) => (bytes < 1024 ? `${bytes} Bytes` : `${(bytes / 1024).toFixed(1)} KiB`),
  headers: 'Header',
  text: 'Body der Antwort',
  empty: 'Der Body ist leer.',
  binary: 'Der Body ist kein Text.',
  limits: 'Limits',
  unreachable: 'Das Gateway ist nicht erreichbar',
  unreachableHelp: 'Prüfen Sie die Verbindung und senden Sie noch einmal.',
  explain: (code: string) => `Was bedeutet Code ${code}?`,
  pretty: 'Formatiert',
  raw: 'Roh',
  view: 'Darstellung des Bodys',
  needed: (name: string) => `${name} wird gebraucht`,
  limit: {
    left: (left: number) => `${say.plural(left, { one: '# Aufruf', other: '# Aufrufe' })} übrig`,
    leftOf: (left: number, quota: number) => `${say.number(left)} von ${say.plural(quota, { one: '# Aufruf', other: '# Aufrufen' })} übrig`,
    each: (period: string) => ` je ${period}`,
    anew: (time: string) => `, neu in ${time}`,
    again: (time: string) => `Noch einmal in ${time}.`,
  },
  samples: { title: 'Als Code', language: 'Sprache des Beispiels' },
});

export default de;
