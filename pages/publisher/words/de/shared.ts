import type { Speech } from '../../../kit/language';
import type { shared as en } from '../en/shared';

export const shared = (say: Speech): ReturnType<typeof en> => ({
  scopes: {
    title: 'Gemeinsame Scopes',
    lead: 'Berechtigungen, die jede API für ihre Operationen verlangen kann, überall mit derselben Bedeutung.',
    add: 'Neuer Scope',
    edit: (name) => `${name} bearbeiten`,
    remove: (name) => `${name} löschen`,
    name: 'Name in Tokens',
    nameHelp: 'Wie Tokens ihn tragen; er bleibt.',
    nameRule: '1 bis 255 Zeichen ohne Leerzeichen, Anführungszeichen und Rückstriche',
    displayName: 'Name für Menschen',
    description: 'Beschreibung',
    roles: 'Rollen',
    rolesHelp: 'Wer eine davon hat, kann den Scope bekommen; durch Kommas getrennt. Keine: alle.',
    everybody: 'alle',
    usage: 'Verlangt von',
    usageOf: (name) => `APIs, die ${name} verlangen`,
    apis: (count) => say.plural(count, { one: 'Eine API', other: '# APIs' }),
    saved: (name) => `${name} ist gespeichert`,
    removeTitle: (name) => `${name} löschen?`,
    removeBody: 'Das geht nur, solange keine API ihn verlangt.',
    removed: (name) => `${name} ist gelöscht`,
    emptyTitle: 'Noch kein gemeinsamer Scope',
    emptyHelp: 'Scopes einer API entstehen mit ihren Operationen. Legen Sie hier einen an, wenn mehrere APIs denselben verlangen sollen.',
  },
});
