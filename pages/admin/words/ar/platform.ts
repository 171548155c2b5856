import type { platform as en } from '../en/platform';

export const platform: typeof en = {
  organizations: {
    title: 'المؤسسات',
    lead: 'من يستهلك أفرادها الواجهات. يمكن في بوابة النشر قصر واجهة على بعضها.',
    create: 'مؤسسة جديدة',
    name: 'الاسم للناس',
    role: 'دور أفرادها',
    roleHelp: 'من له هذا الدور ينتمي إلى المؤسسة. يُنشأ الدور معها.',
    roleRule: 'حتى 60 من الأحرف والأرقام والنقاط والشرطات، يبدأ وينتهي بحرف أو رقم',
    description: 'الوصف',
    actions: 'الإجراءات',
    edit: (name) => `تعديل ${name}`,
    remove: (name) => `حذف ${name}`,
    saved: (name) => `حُفظت ${name}`,
    removeTitle: (name) => `حذف ${name}؟`,
    removeBody: 'لا يمكن إلا إذا لم تكن لها واجهة. يبقى أفرادها ودورهم.',
    removed: (name) => `حُذفت ${name}`,
    emptyTitle: 'لا مؤسسة',
    emptyHelp: 'يرى الجميع الواجهات نفسها. أنشئ مؤسسة لتقصر واجهات على أفرادها.',
  },
};
