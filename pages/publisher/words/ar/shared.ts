import type { Speech } from '../../../kit/language';
import type { shared as en } from '../en/shared';

export const shared = (say: Speech): ReturnType<typeof en> => ({
  scopes: {
    title: 'النطاقات المشتركة',
    lead: 'أذونات يمكن لأي واجهة أن تطلبها لعملياتها، بالمعنى نفسه في كل مكان.',
    add: 'نطاق جديد',
    edit: (name) => `تعديل ${name}`,
    remove: (name) => `حذف ${name}`,
    name: 'الاسم في الرموز',
    nameHelp: 'كما تحمله الرموز؛ لا يتغير.',
    nameRule: 'من 1 إلى 255 حرفًا بلا مسافات ولا علامات اقتباس ولا شرطات مائلة عكسية',
    displayName: 'الاسم للناس',
    description: 'الوصف',
    roles: 'الأدوار',
    rolesHelp: 'من له أحدها يمكن منحه النطاق؛ تفصل بينها فواصل. بلا أدوار: الجميع.',
    everybody: 'الجميع',
    usage: 'تطلبه',
    usageOf: (name) => `الواجهات التي تطلب ${name}`,
    apis: (count) => say.plural(count, { one: 'واجهة واحدة', two: 'واجهتان', few: '# واجهات', other: '# واجهة' }),
    saved: (name) => `حُفظ ${name}`,
    removeTitle: (name) => `حذف ${name}؟`,
    removeBody: 'لا يمكن إلا إذا لم تطلبه واجهة.',
    removed: (name) => `حُذف ${name}`,
    emptyTitle: 'لا نطاق مشترك بعد',
    emptyHelp: 'تُنشأ نطاقات الواجهة مع عملياتها. أنشئ واحدًا هنا حين تطلب واجهات عدة النطاق نفسه.',
  },
});
