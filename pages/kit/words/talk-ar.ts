import type { Speech } from '../language';
import type { Words } from './talk-en';

const ar = (say: Speech): Words => ({
  list: 'التعليقات',
  yours: 'تعليقك',
  add: 'علّق',
  reply: 'رد',
  replyTo: (name) => `الرد على ${name}`,
  allReplies: (amount) => `كل الردود (${amount})`,
  yourReply: 'ردك',
  editOf: 'تعديل تعليقك',
  deleteOf: (name) => `حذف تعليق ${name}`,
  deleteTitle: 'حذف هذا التعليق؟',
  deleteBody: 'تذهب معه الردود عليه. لا يمكن التراجع.',
  deleted: 'حُذف التعليق',
  publisher: 'الناشر',
  changed: 'معدّل',
  emptyTitle: 'لم يقل أحد شيئًا بعد',
  emptyHelp: 'الأسئلة والثناء والشكوى كلها موضع ترحيب هنا.',
  count: (amount) =>
    say.plural(amount, { zero: 'لا تعليقات', one: 'تعليق واحد', two: 'تعليقان', few: '# تعليقات', many: '# تعليقًا', other: '# تعليق' }),
});

export default ar;
