import { queryOptions } from '@tanstack/react-query';
import { send } from '../kit/request';
import type { Question } from '../kit/session';
import type { Created, CreationOptions, RequestOptions, Used } from './passkey';

// What `/session/…` of the key manager takes and gives. Its shapes are ours alone, and not in `api/`.

export interface SessionRow {
  isThis: boolean;
  id: string;
  createdAt: number;
  lastSeenAt: number;
  userAgent: string;
  address: string;
  amr: string[];
}

export interface Passkey {
  id: string;
  label: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export interface Factors {
  totp: boolean;
  passkeys: Passkey[];
  recoveryCodes: number;
  withheldRoles: string[];
}

export interface Ways {
  list: { name: string; displayName: string }[];
  selfRegistration: 'off' | 'auto' | 'approval';
  recovery: boolean;
}

export interface Consent {
  clientId: string;
  clientName: string;
  scopes: string[];
  grantedAt: number;
}

interface List<Row> {
  count: number;
  list: Row[];
}

export const waysOptions = queryOptions({ queryKey: ['ways'], queryFn: () => get<Ways>('/session/providers'), staleTime: 60_000 });
export const factorsOptions = queryOptions({ queryKey: ['factors'], queryFn: () => get<Factors>('/session/factors') });
export const sessionsOptions = queryOptions({ queryKey: ['sessions'], queryFn: () => get<List<SessionRow>>('/session/list') });
export const consentsOptions = queryOptions({ queryKey: ['consents'], queryFn: () => get<List<Consent>>('/session/consents') });
export const linksOptions = queryOptions({
  queryKey: ['links'],
  queryFn: () => get<List<{ name: string; displayName: string; createdAt: number }>>('/session/federated'),
});

export const askAgain = (challenge: string) => post<Question>('/session/second-factor/options', { challenge });
export const showCode = (kind: 'totp' | 'recovery-code', challenge: string, code: string) =>
  post('/session/second-factor', { kind, challenge, code });
export const showPasskey = (used: Used) => post('/session/second-factor', { kind: 'passkey', ...used });
export const passkeySignInOptions = () => post<RequestOptions>('/session/passkey/options');
export const signInByPasskey = (used: Used) => post('/session/passkey', used);

export const changePassword = (current: string, password: string) => post('/session/password', { current, password });
export const endSession = (id: string) => remove(`/session/list/${encodeURIComponent(id)}`);
export const withdrawConsent = (client: string) => remove(`/session/consents/${encodeURIComponent(client)}`);

export const beginTotp = () => post<{ secret: string; uri: string }>('/session/totp');
export const confirmTotp = (code: string) => post('/session/totp/confirmation', { code });
export const removeTotp = () => remove('/session/totp');
export const newPasskeyOptions = () => post<CreationOptions>('/session/passkeys/options');
export const addPasskey = (label: string, created: Created) => post('/session/passkeys', { label, ...created });
export const removePasskey = (id: string) => remove(`/session/passkeys/${encodeURIComponent(id)}`);
export const renewRecoveryCodes = () => post<{ codes: string[] }>('/session/recovery-codes');

export const askForLink = (account: string) => post('/session/recovery', { account });
export const choosePassword = (token: string, password: string) => post('/session/recovery/password', { token, password });
export const signUp = (wish: { username: string; password: string; email: string; displayName?: string }) =>
  post<{ confirmation: boolean; approval: boolean }>('/session/sign-up', wish);
export const confirmAddress = (token: string) => post<{ status: 'ACTIVE' | 'PENDING' }>('/session/sign-up/confirmation', { token });

export const unlink = (name: string) => remove(`/session/federated/${encodeURIComponent(name)}`);

/** Sends the browser to another provider; it comes back to `returnTo`. */
export async function leaveTo(name: string, returnTo: string, link = false) {
  const { redirectTo } = await post<{ redirectTo: string }>(`/session/federated/${encodeURIComponent(name)}`, { returnTo, link });
  location.assign(redirectTo);
}

async function get<Answer>(path: string): Promise<Answer> {
  return (await send(path)).json();
}

async function post<Answer = void>(path: string, body: unknown = {}): Promise<Answer> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const text = await (await send(path, init)).text();
  return JSON.parse(text || 'null');
}

async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' });
}
