import type { Home } from '../en/home';

export const home: Home = {
  title: 'الرئيسية',
  lead: 'ما ينتظرك، وما تفعله واجهاتك، وما جاء أخيرًا.',
  waiting: 'في انتظارك',
  nothing: 'لا شيء في انتظارك.',
  subscription: 'اشتراك',
  approve: 'موافقة',
  approveOf: (what) => `موافقة: ${what}`,
  approved: 'تمت الموافقة',
  reject: 'رفض',
  rejectOf: (what) => `رفض: ${what}`,
  rejected: 'تم الرفض',
  product: 'منتج',
  isOutdated: (name) => `تغيّرت واجهة وراء ${name}`,
  deployment: 'نشر',
  hasFailed: (name, environment) => `لم تُعتمد ${name} في ${environment}`,
  day: 'آخر 24 ساعة',
  noCalls: 'لا استدعاءات بعد.',
  statistics: 'كل الإحصاءات',
  newest: 'أحدث الواجهات',
  allApis: 'كل الواجهات',
};
