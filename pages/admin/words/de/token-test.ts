import type { TokenTest } from '../en/token-test';

export const tokenTest: TokenTest = {
  title: 'Ein Token prüfen',
  help: 'Fügen Sie ein Access-Token ein, um zu sehen, welcher Key-Manager dafür einsteht. Es wird weder behalten noch protokolliert.',
  token: 'Token',
  test: 'Prüfen',
  valid: (keyManager) => `Gültig: ${keyManager} steht dafür ein`,
  invalid: 'Nicht gültig',
  noApplication: 'Keine Anwendung hat seinen Client: Gateways weisen es ab.',
  claims: 'Claims',
  unbelieved: 'Claims, die es nennt und denen nicht zu glauben ist',
  keyManager: 'Key-Manager',
  nobody: 'keiner',
  goodAt: 'Gilt an',
  places: { GATEWAY: 'Gateways', TOKEN_ENDPOINT: 'dem Token-Endpunkt' },
  application: 'Anwendung',
  kind: 'Art',
  opaque: 'undurchsichtig',
  signed: 'signiert (JWT)',
  keyId: 'Schlüssel',
  ends: 'Endet',
};
