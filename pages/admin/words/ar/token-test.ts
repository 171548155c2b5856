import type { TokenTest } from '../en/token-test';

export const tokenTest: TokenTest = {
  title: 'اختبار رمز',
  help: 'الصق رمز وصول لترى أي مدير مفاتيح يضمنه. لا يُحفظ ولا يُسجَّل.',
  token: 'الرمز',
  test: 'اختبار',
  valid: (keyManager) => `صالح: يضمنه ${keyManager}`,
  invalid: 'غير صالح',
  noApplication: 'لا تطبيق يملك عميله: ترفضه البوابات.',
  claims: 'المطالبات',
  unbelieved: 'مطالبات يذكرها ولا تُصدَّق',
  keyManager: 'مدير المفاتيح',
  nobody: 'لا أحد',
  goodAt: 'يُقبل عند',
  places: { GATEWAY: 'البوابات', TOKEN_ENDPOINT: 'نقطة الرموز' },
  application: 'التطبيق',
  kind: 'النوع',
  opaque: 'مبهم',
  signed: 'موقّع (JWT)',
  keyId: 'المفتاح',
  ends: 'ينتهي',
};
