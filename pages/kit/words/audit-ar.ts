import type { Speech } from '../language';
import type { Words } from './audit-en';

const ar = (_: Speech): Words => ({
  actor: 'من',
  action: 'ماذا',
  subject: 'في ماذا',
  from: 'من تاريخ',
  to: 'حتى تاريخ',
  when: 'متى',
  address: 'العنوان',
  details: 'التفاصيل',
  detailsOf: (number) => `تفاصيل القيد ${number}`,
  entry: (number) => `القيد ${number}`,
  client: 'عميل',
  emptyTitle: 'لم يتغير شيء بعد',
  emptyHelp: 'كل تغيير عبر البوابات وواجهات الإدارة يترك قيدًا هنا.',
  older: 'الأقدم',
  newest: 'الأحدث',
  place: 'الموضع',
  before: 'قبل',
  after: 'بعد',
  unchanged: 'لا يذكر القيد مواضع مختلفة.',
  userAgent: 'بواسطة',
  seal: 'الختم',
});

export default ar;
