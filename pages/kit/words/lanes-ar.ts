import type { Words } from './lanes-en';

const ar = (): Words => ({
  flows: { request: 'الطلب', response: 'الرد', fault: 'الخطأ' },
  flowHelp: {
    request: 'قبل سؤال الخادم الخلفي.',
    response: 'قبل أن يتلقى العميل رد الخادم الخلفي.',
    fault: 'قبل أن يُبلَّغ العميل بأن الاستدعاء رُفض أو فشل.',
  },
  none: 'لا يحدث شيء هنا.',
  stepsOf: (flow) => `الخطوات: ${flow}`,
  add: 'إضافة سياسة',
  addTo: (flow) => `إضافة سياسة: ${flow}`,
  edit: 'تغيير الخطوة',
  apply: 'تطبيق',
  editOf: (name) => `تعديل ${name}`,
  remove: 'إزالة',
  removeOf: (name) => `إزالة ${name}`,
  removed: (name) => `أُزيلت ${name}`,
  up: (name) => `تحريك ${name} إلى أعلى`,
  down: (name) => `تحريك ${name} إلى أسفل`,
  movedTo: (name, place, count) => `${name} هي الخطوة ${place} من ${count}`,
  policy: 'السياسة',
  condition: 'فقط للاستدعاءات التي تحقق',
  conditionHelp: 'شرط بلغة CEL على الاستدعاء كما أرسله العميل؛ إن كان فارغًا فكل الاستدعاءات.',
  onlyIf: 'فقط إذا',
  pattern: (pattern) => `يجب أن تطابق القيمة كلها ${pattern}`,
  wrong: { needed: 'هذا مطلوب', number: 'عدد صحيح' },
});

export default ar;
