import type { Speech } from '../language';

/** What a log of changes says. */
const en = (_: Speech) => ({
  actor: 'Who',
  action: 'What',
  subject: 'Whereof',
  from: 'From',
  to: 'Until',
  when: 'When',
  address: 'Address',
  details: 'Details',
  detailsOf: (number: number) => `Details of entry ${number}`,
  entry: (number: number) => `Entry ${number}`,
  client: 'a client',
  emptyTitle: 'Nothing has been changed yet',
  emptyHelp: 'Every change through the portals and the management APIs leaves an entry here.',
  older: 'Older',
  newest: 'Newest',
  place: 'Place',
  before: 'Before',
  after: 'After',
  unchanged: 'The entry names no places that differ.',
  userAgent: 'With',
  seal: 'Seal',
});

export default en;
export type Words = ReturnType<typeof en>;
