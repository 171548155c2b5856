import type { ApplicationKey } from '../../client/devportal/types.gen';
import { problemFrom, problemOf } from '../../kit/problem';

/** What a client lacks for a sign-in from this page. */
export type Lack = 'keys' | 'grant' | 'callback';

/** What the authorization server says of itself (RFC 8414), as far as a sign-in needs it. */
export interface Server {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
}

/** A sign-in that is under way. State and verifier exist in this page alone. */
export interface Attempt {
  address: string;
  state: string;
  verifier: string;
}

/** Who asks: `secret` is empty for a client that can keep none. */
export interface Client {
  id: string;
  secret: string;
}

export interface PersonToken {
  value: string;
  /** Seconds. */
  livesFor: number;
  /** With spaces between; empty where the server names none. */
  scope: string;
}

/** What the page of the callback tells the one that waits. */
export type CallbackAnswer = Record<string, string>;

/** Where the sign-in comes back to: a page of the portal, on the origin of this one. */
export const callbackAddress = () => `${location.origin}/devportal/signed-in`;

export function lacksOf(key: ApplicationKey | undefined): Lack[] {
  if (!key?.consumerKey) return ['keys'];
  const lacks: Lack[] = [];
  if (!key.supportedGrantTypes?.includes('authorization_code')) lacks.push('grant');
  if (key.callbackUrl !== callbackAddress()) lacks.push('callback');
  return lacks;
}

export async function serverOf(): Promise<Server> {
  const response = await fetch('/.well-known/oauth-authorization-server', { credentials: 'omit' });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** A request for a code, with S256 and a state of its own (RFC 7636, RFC 9700). */
export async function authorizationRequest(server: Server, client: Client, scopes: string[]): Promise<Attempt> {
  const verifier = random();
  const state = random();
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callbackAddress(),
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  if (scopes.length > 0) query.set('scope', scopes.join(' '));
  return { address: `${here(server.authorization_endpoint)}?${query}`, state, verifier };
}

/**
 * The code of an answer.
 *
 * @throws Problem where the server refuses; MixedUp where the answer is not to this attempt, or not this server's (RFC 9207).
 */
export function codeOf(answer: CallbackAnswer, attempt: Attempt, server: Server): string {
  if (answer.state !== attempt.state || answer.iss !== server.issuer) throw new MixedUp();
  if (answer.error) throw problemFrom(400, answer);
  if (!answer.code) throw new MixedUp();
  return answer.code;
}

/** An answer that belongs to another request, or comes from another server. */
export class MixedUp extends Error {}

/** Exchanges a code; a refresh token that may come along is not kept. */
export async function redeem(server: Server, client: Client, code: string, attempt: Attempt): Promise<PersonToken> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    code_verifier: attempt.verifier,
    redirect_uri: callbackAddress(),
  });
  if (client.secret === '') body.set('client_id', client.id);
  const response = await fetch(here(server.token_endpoint), {
    method: 'POST',
    headers: client.secret === '' ? {} : { Authorization: `Basic ${btoa([client.id, client.secret].map(encodeURIComponent).join(':'))}` },
    body,
    credentials: 'omit',
    cache: 'no-store',
  });
  if (!response.ok) throw await problemOf(response);
  const { access_token, expires_in, scope } = await response.json();
  return { value: access_token, livesFor: expires_in, scope: scope ?? '' };
}

/**
 * Waits for the page of the callback. Portals stand in a browsing context group of their own, so that no window knows its
 * opener; they meet in a channel whose name only the server and this page have seen.
 */
export function answerOf({ state }: Attempt, signal: AbortSignal): Promise<CallbackAnswer> {
  return new Promise((answered, refused) => {
    const channel = new BroadcastChannel(channelOf(state));
    channel.onmessage = ({ data }) => {
      channel.close();
      answered(data);
    };
    signal.addEventListener('abort', () => {
      channel.close();
      refused(signal.reason);
    });
  });
}

/** Hands an answer to the page that waits for it. Whoever else hears it lacks the verifier. */
export function tell(answer: CallbackAnswer): void {
  const channel = new BroadcastChannel(channelOf(answer.state ?? ''));
  channel.postMessage(answer);
  channel.close();
}

const channelOf = (state: string) => `postern-signed-in-${state}`;

/** The host is the one that this page came from. */
function here(endpoint: string): string {
  return new URL(endpoint, location.origin).pathname;
}

/** 256 bits. */
function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
