import classes from './badges.module.css';
import { words } from './words';

type Tone = 'calm' | 'good' | 'warm' | 'bad' | 'cool' | 'plum';

export function Badge({ label, tone = 'calm' }: { label: string; tone?: Tone }) {
  return <span className={`${classes.badge} ${classes[tone]}`}>{label}</span>;
}

/** A lifecycle state, in colour and word. */
export function StateBadge({ state }: { state: string | undefined }) {
  const name = state ?? 'CREATED';
  return <Badge label={words.states[name] ?? name} tone={STATES[name] ?? 'calm'} />;
}

/** How far a subscription lets its application call. */
export function SubscriptionBadge({ state = '' }: { state?: string }) {
  return <Badge label={words.subscriptionStates[state] ?? state} tone={SUBSCRIPTIONS[state] ?? 'warm'} />;
}

export function MethodBadge({ method }: { method: string | undefined }) {
  const name = method ?? 'GET';
  return <span className={`${classes.method} ${classes[METHODS[name] ?? 'calm']}`}>{name}</span>;
}

const STATES: Record<string, Tone> = {
  CREATED: 'calm',
  PROTOTYPED: 'cool',
  PUBLISHED: 'good',
  BLOCKED: 'bad',
  DEPRECATED: 'warm',
  RETIRED: 'calm',
};

/** What is not here waits for somebody. */
const SUBSCRIPTIONS: Record<string, Tone> = { UNBLOCKED: 'good', BLOCKED: 'bad', PROD_ONLY_BLOCKED: 'bad', REJECTED: 'bad' };

const METHODS: Record<string, Tone> = { GET: 'cool', POST: 'good', PUT: 'warm', PATCH: 'plum', DELETE: 'bad' };
