import type { Speech } from '../language';
import type { Words } from './console-en';

const ar = (say: Speech): Words => ({
  operation: 'العملية',
  noOperation: 'لا يذكر التعريف أي عملية.',
  parameters: 'المعاملات',
  path: 'المسار',
  query: 'الاستعلام',
  header: 'الترويسة',
  body: 'المتن',
  send: 'أرسل',
  statistics: 'شاهده في الإحصاءات',
  sending: 'جارٍ الإرسال',
  copyCurl: 'انسخ كأمر curl',
  request: 'الطلب',
  response: 'الرد',
  waiting: 'أرسل الطلب لترى بماذا تجيب الواجهة.',
  time: (milliseconds: number) => `${milliseconds} م.ث`,
  size: (bytes: number) => (bytes < 1024 ? `${bytes} بايت` : `${(bytes / 1024).toFixed(1)} ك.بايت`),
  headers: 'الترويسات',
  text: 'متن الرد',
  empty: 'المتن فارغ.',
  binary: 'المتن ليس نصًا.',
  limits: 'الحدود',
  unreachable: 'تعذّر الوصول إلى البوابة',
  unreachableHelp: 'تحقق من الاتصال ثم أرسل مرة أخرى.',
  explain: (code: string) => `ماذا يعني الرمز ${code}؟`,
  pretty: 'منسّق',
  raw: 'خام',
  view: 'طريقة عرض المتن',
  needed: (name: string) => `${name} مطلوب`,
  limit: {
    left: (left: number) => `بقي ${say.plural(left, { one: 'استدعاء واحد', two: 'استدعاءان', few: '# استدعاءات', other: '# استدعاء' })}`,
    leftOf: (left: number, quota: number) => `بقي ${say.number(left)} من ${say.number(quota)}`,
    each: (period: string) => ` كل ${period}`,
    anew: (time: string) => `، ويتجدد خلال ${time}`,
    again: (time: string) => `حاول مرة أخرى خلال ${time}.`,
  },
  samples: { title: 'كشيفرة', language: 'لغة المثال' },
});

export default ar;
