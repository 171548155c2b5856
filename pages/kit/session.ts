import { queryOptions, useQuery } from '@tanstack/react-query';
import { send } from './request';

/** Who is signed in, as `/session` says. Its shape is ours alone, and not in `api/`. */
export interface Session {
  signedIn: boolean;
  /** What is asked after a password that was right. */
  secondFactor?: Question;
  username?: string;
  displayName?: string | null;
  organization?: string;
  roles?: string[];
  scopes?: string[];
  portals?: string[];
}

/** The question for the second factor. */
export interface Question {
  kinds: string[];
  challenge: string;
  passkey?: {
    challenge: string;
    rpId: string;
    timeout: number;
    userVerification: UserVerificationRequirement;
    allowCredentials: { type: 'public-key'; id: string }[];
  };
}

export const sessionOptions = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session> => (await send('/session')).json(),
  staleTime: 60_000,
});

export function useSession(): Session | undefined {
  return useQuery(sessionOptions).data;
}

export async function signIn(username: string, password: string): Promise<Session> {
  const response = await send('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return response.json();
}

export async function signOut(): Promise<void> {
  await send('/session', { method: 'DELETE' });
}

/** Where to sign in and come back from. */
export function signInAddress(): string {
  const here = `${location.pathname}${location.search}`;
  return `/sign-in/?return_to=${encodeURIComponent(here)}`;
}

/** A path of this origin to return to; anything else could lead the user to a page that only looks like ours. */
export function ownPath(wanted: string | null, fallback: string): string {
  if (!wanted?.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) return fallback;
  const url = new URL(wanted, location.origin);
  return url.origin === location.origin ? `${url.pathname}${url.search}${url.hash}` : fallback;
}
