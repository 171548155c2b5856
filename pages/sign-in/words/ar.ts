import type { Speech } from '../../kit/language';
import type { Words } from './en';

const TELL = 'عد إلى التطبيق. إن تكرر هذا فأخبر القائمين عليه بما تراه هنا.';

const ar = (_: Speech): Words => ({
  title: 'تسجيل الدخول',
  lead: 'حساب واحد يفتح الناشر وبوابة المطورين والإدارة.',
  leadTo: (client: string) => `سجّل الدخول للمتابعة إلى ${client}.`,
  username: 'اسم المستخدم',
  password: 'كلمة المرور',
  submit: 'سجّل الدخول',
  refused: 'لم يفتح ذلك الباب',
  refusedHelp: 'اسم المستخدم أو كلمة المرور غير صحيح. تحقق منهما وحاول مرة أخرى.',
  needed: (field: string) => `هذا الحقل مطلوب: ${field}`,
  firstTime: 'أول مرة هنا؟ طُبعت كلمة مرور المسؤول مرة واحدة عند تشغيل المنصة.',
  home: 'Postern، صفحة البداية',
  nowhere: 'لا توجد صفحة كهذه',
  nowhereHelp: 'قد يكون في العنوان خطأ مطبعي. ابدأ من صفحة البداية.',

  stepUp: 'أثبت أنك أنت',
  stepUpLead: (client: string) => `يطلب ${client} عاملًا ثانيًا. سجّل الدخول به مرة أخرى.`,
  continueAs: (name: string) => `تابع باسم ${name}`,
  or: 'أو استخدم حسابًا آخر',

  over: 'انتهى تسجيل الدخول هذا',
  overHelp: 'اكتمل من قبل، أو استغرق أكثر من عشر دقائق. عد إلى التطبيق وابدأ من جديد.',

  consent: 'سؤال واحد',
  allow: (client: string) => `أتسمح لـ ${client}؟`,
  allowLead: (name: string) => `سجّلت الدخول باسم ${name}.`,
  asks: (client: string) => `ما يطلبه ${client}`,
  publishedAt: (host: string) => `منشور على ${host}. الاسم من عنده؛ أما العنوان فلا.`,
  noScopes: 'لا يطلب إلا أن يعرف أنك سمحت له.',
  scopeOf: 'استدعاء واجهات نيابة عنك بالنطاق ',
  remember: 'تذكّر هذا',
  rememberHelp: 'لن تُسأل مجددًا حتى يطلب شيئًا آخر. وتسحبه صفحة حسابك في أي وقت.',
  approve: 'اسمح',
  deny: 'لا تسمح',
  returnsTo: (host: string) => `ستعود إلى ${host}.`,
  otherAccount: 'استخدم حسابًا آخر',
  policy: (client: string) => `سياسة خصوصية ${client}`,
  terms: (client: string) => `شروط ${client}`,

  device: 'صِل جهازًا',
  deviceLead: 'اكتب الرمز الذي يعرضه الجهاز.',
  code: 'الرمز',
  codeHelp: 'ثمانية حروف. لا تهم المسافات والشرطات.',
  codeShort: 'اكتب الحروف الثمانية كلها',
  next: 'التالي',
  connect: (client: string) => `أتصل ${client}؟`,
  compare: 'يجب أن يعرض جهازك هذا الرمز:',
  connectIt: 'صِل',
  deviceWarning: 'إن لم تبدأ هذا على جهاز لك، أو أرسل إليك أحد هذا الرمز، فلا تسمح.',
  deviceDone: { approve: 'جهازك متصل', deny: 'لم يُوصل الجهاز' },
  deviceDoneHelp: {
    approve: 'يلاحظ ذلك خلال ثوانٍ. يمكنك إغلاق هذه الصفحة.',
    deny: 'لم يُسمح بشيء. يمكنك إغلاق هذه الصفحة.',
  },

  signedOut: 'سُجّل خروجك',
  signedOutHelp: 'قد تبقى للتطبيقات التي سجّلت الدخول إليها جلسات خاصة بها.',
  signInAgain: 'سجّل الدخول من جديد',
  signOutAsk: 'أتسجّل الخروج من Postern؟',
  signOutLead: 'أرسلك تطبيق إلى هنا لتسجيل الخروج.',
  signOut: 'سجّل الخروج',
  stay: 'ابقَ مسجلًا',

  whatToDo: 'ما يمكنك فعله',
  forDevelopers: 'لمطوري التطبيق',

  faults: {
    malformed: {
      title: 'تعذّرت قراءة الطلب',
      why: 'أرسلك التطبيق إلى هنا بعنوان يناقض نفسه.',
      person: TELL,
      developer: 'معامل مكرر، أو أكثر من 50 معاملًا.',
    },
    'unknown-client': {
      title: 'هذا التطبيق غير معروف هنا',
      why: 'لا يُرسل أحد إلى تطبيق غير مسجّل.',
      person: TELL,
      developer: 'client_id مفقود، أو لا عميل له هذا المعرّف. تحقق من مفتاح المستهلك ومن البيئة التي تستدعيها.',
    },
    'unregistered-redirect': {
      title: 'طريق العودة غير مسجّل',
      why: 'يريد التطبيق إرسالك إلى عنوان لم يسجّله.',
      person: 'لا تتابع. إن جئت عبر رابط أرسله إليك أحد فقد يكون فخًا.',
      developer: 'تُقارن redirect_uri حرفًا بحرف بالمسجّلة؛ ولا يختلف إلا منفذ عنوان محلي.',
    },
    'no-redirect': {
      title: 'ليس للتطبيق طريق عودة',
      why: 'سُجّل بلا عنوان تُرسل إليه.',
      person: TELL,
      developer: 'سجّل عنوان إعادة توجيه للعميل.',
    },
    'ambiguous-redirect': {
      title: 'طريق العودة غير واضح',
      why: 'للتطبيق عدة عناوين ولم يقل أيها يقصد.',
      person: TELL,
      developer: 'أرسل redirect_uri: سجّل العميل أكثر من عنوان.',
    },
    'unknown-request': {
      title: 'استُهلك هذا الطلب',
      why: 'يُستخدم طلب التطبيق مرة واحدة وخلال دقيقة.',
      person: 'عد إلى التطبيق وابدأ من جديد. لا تعد تحميل هذه الصفحة.',
      developer: 'request_uri مستهلك أو منتهٍ أو لعميل آخر. أرسل الطلب من جديد.',
    },
    'unknown-interaction': {
      title: 'انتهى تسجيل الدخول هذا',
      why: 'اكتمل من قبل، أو استغرق أكثر من عشر دقائق.',
      person: 'عد إلى التطبيق وابدأ من جديد.',
      developer: 'لا خطأ في الطلب.',
    },
    'unknown-hint': {
      title: 'لا يمكن تسجيل خروجك بهذه الطريقة',
      why: 'سمّى التطبيق جلسة غير معروفة هنا.',
      person: 'ما زلت مسجلًا. يمكنك تسجيل الخروج من قائمة أي بوابة.',
      developer: 'id_token_hint ليس رمز هوية من هذا المُصدر، أو صدر لعميل غير client_id.',
    },
    'unregistered-logout': {
      title: 'طريق العودة غير مسجّل',
      why: 'يريد التطبيق إرسالك إلى عنوان لم يسجّله. ما زلت مسجلًا.',
      person: 'يمكنك تسجيل الخروج من قائمة أي بوابة.',
      developer: 'يجب تسجيل post_logout_redirect_uri، ويجب أن يقول client_id أو id_token_hint لمن هو.',
    },
  },
});

export default ar;
