/** What Admin says of organizations. */
export const platform = {
  organizations: {
    title: 'Organizations',
    lead: 'Whose people consume APIs. An API can be kept for some of them, in the Publisher.',
    create: 'New organization',
    name: 'Name for people',
    role: 'Role of its people',
    roleHelp: 'Whoever has this role belongs to the organization. It is made with it.',
    roleRule: 'Up to 60 letters, digits, dots, dashes, slashes and underscores; a letter or digit at both ends',
    description: 'Description',
    actions: 'Actions',
    edit: (name: string) => `Edit ${name}`,
    remove: (name: string) => `Delete ${name}`,
    saved: (name: string) => `${name} is saved`,
    removeTitle: (name: string) => `Delete ${name}?`,
    removeBody: 'It can only go while no API is for it. Its people and their role stay.',
    removed: (name: string) => `${name} is gone`,
    emptyTitle: 'No organization',
    emptyHelp: 'Everybody sees the same APIs. Make one to keep APIs for its people.',
  },
};
