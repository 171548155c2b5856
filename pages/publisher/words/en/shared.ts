import type { Speech } from '../../../kit/language';

/** What the Publisher says of scopes that belong to no API alone. */
export const shared = (say: Speech) => ({
  scopes: {
    title: 'Shared scopes',
    lead: 'Permissions that any API may demand for its operations, with the same meaning everywhere.',
    add: 'New scope',
    edit: (name: string) => `Edit ${name}`,
    remove: (name: string) => `Delete ${name}`,
    name: 'Name in tokens',
    nameHelp: 'As tokens carry it; it stays.',
    nameRule: '1 to 255 characters without spaces, quotes and backslashes',
    displayName: 'Name for people',
    description: 'Description',
    roles: 'Roles',
    rolesHelp: 'Who has one of them may be granted the scope; separated by commas. None: everybody.',
    everybody: 'everybody',
    usage: 'Used by',
    usageOf: (name: string) => `APIs that demand ${name}`,
    apis: (count: number) => say.plural(count, { one: 'One API', other: '# APIs' }),
    saved: (name: string) => `${name} is saved`,
    removeTitle: (name: string) => `Delete ${name}?`,
    removeBody: 'It can only go while no API demands it.',
    removed: (name: string) => `${name} is gone`,
    emptyTitle: 'No shared scope yet',
    emptyHelp: 'Scopes of one API are made with its operations. Make one here when several APIs should demand the same.',
  },
});
