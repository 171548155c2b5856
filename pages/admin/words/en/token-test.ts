/** What Admin says of a token that is tested. */
export const tokenTest = {
  title: 'Test a token',
  help: 'Paste an access token to see which key manager stands for it. It is neither kept nor logged.',
  token: 'Token',
  test: 'Test',
  valid: (keyManager: string) => `Valid: ${keyManager} stands for it`,
  invalid: 'Not valid',
  noApplication: 'No application has its client: gateways refuse it.',
  claims: 'Claims',
  unbelieved: 'Claims that it makes, not to be believed',
  keyManager: 'Key manager',
  nobody: 'none',
  goodAt: 'Taken at',
  places: { GATEWAY: 'gateways', TOKEN_ENDPOINT: 'the token endpoint' },
  application: 'Application',
  kind: 'Kind',
  opaque: 'opaque',
  signed: 'signed (JWT)',
  keyId: 'Key',
  ends: 'Ends',
};

export type TokenTest = typeof tokenTest;
