import type { KeyManager, KeyManagerWritable } from '../../client/admin/types.gen';
import { words } from '../words';

/** What the form holds; the rest of a key manager stays as it was. */
export interface KeyManagerValues {
  name: string;
  type: string;
  description: string;
  enabled: boolean;
  issuer: string;
  jwksAddress: string;
  consumerKeyClaim: string;
  scopesClaim: string;
  tokenType: 'DIRECT' | 'EXCHANGED' | 'BOTH';
}

export function valuesOf(keyManager: Partial<KeyManager> = {}): KeyManagerValues {
  return {
    name: keyManager.name ?? '',
    type: keyManager.type ?? 'custom',
    description: keyManager.description ?? '',
    enabled: keyManager.enabled ?? false,
    issuer: keyManager.issuer ?? '',
    jwksAddress: keyManager.certificates?.type === 'JWKS' ? keyManager.certificates.value : '',
    consumerKeyClaim: keyManager.consumerKeyClaim ?? 'azp',
    scopesClaim: keyManager.scopesClaim ?? 'scope',
    tokenType: keyManager.tokenType ?? 'DIRECT',
  };
}

/** The key manager that the form describes, over what it was before or what its provider said of itself. */
export function keyManagerOf({ jwksAddress, ...values }: KeyManagerValues, before: Partial<KeyManager>): KeyManagerWritable {
  const { id: _id, global: _global, isGlobal: _isGlobal, isUsed: _isUsed, ...kept } = before;
  const address = jwksAddress.trim();
  return {
    ...kept,
    ...values,
    name: values.name.trim(),
    issuer: values.issuer.trim(),
    ...(address ? { certificates: { type: 'JWKS' as const, value: address } } : {}),
  };
}

/** Which claims providers of a kind put the client and the scopes into. */
export const CLAIMS: Record<string, { consumerKeyClaim: string; scopesClaim: string }> = {
  custom: { consumerKeyClaim: 'azp', scopesClaim: 'scope' },
  KeyCloak: { consumerKeyClaim: 'azp', scopesClaim: 'scope' },
  Auth0: { consumerKeyClaim: 'azp', scopesClaim: 'scope' },
  Okta: { consumerKeyClaim: 'cid', scopesClaim: 'scp' },
  AzureAD: { consumerKeyClaim: 'azp', scopesClaim: 'scp' },
};

const needed = (value: string) => (value.trim() === '' ? words.needed : null);
export const RULES = { name: needed, issuer: needed, consumerKeyClaim: needed, scopesClaim: needed };
