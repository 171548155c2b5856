import type { Api } from '../client/devportal/types.gen';

export type CredentialKind = 'key' | 'token' | 'none';

/** The header that carries a credential to an API. */
export function credentialHeader(api: Api, kind: CredentialKind, secret: string): [string, string][] {
  if (kind === 'none' || secret === '') return [];
  if (kind === 'key') return [[api.apiKeyHeader || 'ApiKey', secret]];
  return [[api.authorizationHeader || 'Authorization', `Bearer ${secret}`]];
}
