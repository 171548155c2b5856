import type { platform as en } from '../en/platform';

export const platform: typeof en = {
  organizations: {
    title: 'Organisationen',
    lead: 'Wessen Leute APIs nutzen. Im Publisher kann eine API einigen von ihnen vorbehalten werden.',
    create: 'Neue Organisation',
    name: 'Name für Menschen',
    role: 'Rolle ihrer Leute',
    roleHelp: 'Wer diese Rolle hat, gehört zur Organisation. Sie wird mit ihr angelegt.',
    roleRule: 'Bis zu 60 Buchstaben, Ziffern, Punkte, Schräg-, Binde- und Unterstriche; an beiden Enden ein Buchstabe oder eine Ziffer',
    description: 'Beschreibung',
    actions: 'Aktionen',
    edit: (name) => `${name} bearbeiten`,
    remove: (name) => `${name} löschen`,
    saved: (name) => `${name} ist gespeichert`,
    removeTitle: (name) => `${name} löschen?`,
    removeBody: 'Das geht nur, solange keine API für sie ist. Ihre Leute und deren Rolle bleiben.',
    removed: (name) => `${name} ist gelöscht`,
    emptyTitle: 'Keine Organisation',
    emptyHelp: 'Alle sehen dieselben APIs. Legen Sie eine an, um APIs ihren Leuten vorzubehalten.',
  },
};
