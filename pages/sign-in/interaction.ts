import { queryOptions } from '@tanstack/react-query';
import { send } from '../kit/request';
import { ownPath } from '../kit/session';

/** What a client wants of a person, as `/oauth2/interactions/{id}` tells it. Its shape is ours alone, and not in `api/`. */
export interface Interaction {
  kind: 'sign-in' | 'step-up' | 'consent' | 'done';
  client: Client;
  returnsTo: string;
  scopes: Scope[];
  user: Person | null;
  loginHint: string | null;
  mayContinue: boolean;
  resumeAt: string;
}

export interface Client {
  id: string;
  name: string;
  /** Where the client publishes what it is: all that is known of it for certain. */
  host?: string | null;
  uri?: string | null;
  policyUri?: string | null;
  tosUri?: string | null;
}

export interface Scope {
  name: string;
  description?: string | null;
}

export interface Person {
  username: string;
  displayName?: string | null;
}

export type Decision = 'approve' | 'deny' | 'continue';

/** The interaction that the address names, if it names one. */
export function interactionId(): string | null {
  return new URLSearchParams(location.search).get('interaction');
}

export function interactionOptions(id: string) {
  return queryOptions({
    queryKey: ['interaction', id],
    queryFn: async (): Promise<Interaction> => (await send(addressOf(id))).json(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Tells what the person decided; goes where the platform says, which is always a path of its own. */
export async function decide(id: string, decision: Decision, remember = false): Promise<void> {
  const response = await send(addressOf(id), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ decision, remember }),
  });
  const { redirectTo } = await response.json();
  location.assign(ownPath(redirectTo, '/'));
}

/** Where a person goes who has just signed in: on with the interaction, or back to where they came from. */
export function afterSignIn(): string {
  const id = interactionId();
  if (id) return `/oauth2/authorize/resume?interaction=${encodeURIComponent(id)}`;
  return ownPath(new URLSearchParams(location.search).get('return_to'), '/');
}

/** An address that a client gave, if it is a web page; anything else might run here. */
export function webAddress(address: string | null | undefined): string | undefined {
  return address && /^https?:\/\//i.test(address) ? address : undefined;
}

function addressOf(id: string): string {
  return `/oauth2/interactions/${encodeURIComponent(id)}`;
}
