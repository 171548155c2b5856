import type { Speech } from '../language';

/** What comments say. */
const en = (say: Speech) => ({
  list: 'Comments',
  yours: 'Your comment',
  add: 'Comment',
  reply: 'Reply',
  replyTo: (name: string) => `Reply to ${name}`,
  allReplies: (amount: number) => `All ${amount} replies`,
  yourReply: 'Your reply',
  editOf: 'Edit your comment',
  deleteOf: (name: string) => `Delete the comment of ${name}`,
  deleteTitle: 'Delete this comment?',
  deleteBody: 'Its replies go with it. This cannot be taken back.',
  deleted: 'The comment is gone',
  publisher: 'Publisher',
  changed: 'changed',
  emptyTitle: 'Nobody has said anything yet',
  emptyHelp: 'Questions, praise and trouble are welcome here.',
  count: (amount: number) => say.plural(amount, { one: 'One comment', other: '# comments' }),
});

export default en;
export type Words = ReturnType<typeof en>;
