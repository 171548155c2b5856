import { send } from '../kit/request';
import type { Client, Person, Scope } from './interaction';

/** A device that waits, as `/oauth2/device/lookup` tells it. */
export interface Waiting {
  userCode: string;
  client: Client;
  scopes: Scope[];
  user: Person;
}

export async function lookUp(userCode: string): Promise<Waiting> {
  return (await post('/oauth2/device/lookup', { userCode })).json();
}

export async function answerDevice(userCode: string, decision: 'approve' | 'deny'): Promise<void> {
  await post('/oauth2/device/decision', { userCode, decision });
}

/** What is typed, as the other screen shows it: capitals in two groups. */
export function grouped(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

function post(path: string, body: object): Promise<Response> {
  return send(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}
