import type { Words } from './lanes-en';

const de = (): Words => ({
  flows: { request: 'Anfrage', response: 'Antwort', fault: 'Fehler' },
  flowHelp: {
    request: 'Bevor der Upstream gefragt wird.',
    response: 'Bevor der Client die Antwort des Upstreams erhält.',
    fault: 'Bevor der Client erfährt, dass der Aufruf abgewiesen wurde oder gescheitert ist.',
  },
  none: 'Hier geschieht nichts.',
  stepsOf: (flow) => `Schritte: ${flow}`,
  add: 'Richtlinie hinzufügen',
  addTo: (flow) => `Richtlinie hinzufügen: ${flow}`,
  edit: 'Schritt ändern',
  apply: 'Übernehmen',
  editOf: (name) => `${name} bearbeiten`,
  remove: 'Entfernen',
  removeOf: (name) => `${name} entfernen`,
  removed: (name) => `${name} ist entfernt`,
  up: (name) => `${name} nach oben`,
  down: (name) => `${name} nach unten`,
  movedTo: (name, place, count) => `${name} ist Schritt ${place} von ${count}`,
  policy: 'Richtlinie',
  condition: 'Nur für Aufrufe mit',
  conditionHelp: 'Eine Bedingung in CEL über den Aufruf, wie ihn der Client sandte; leer: alle Aufrufe.',
  onlyIf: 'nur wenn',
  pattern: (pattern) => `Der ganze Wert muss zu ${pattern} passen`,
  wrong: { needed: 'Das wird gebraucht', number: 'Eine ganze Zahl' },
});

export default de;
