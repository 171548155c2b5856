import {
  createApplication,
  createSubscription,
  applicationsApplicationIdApiKeysKeyTypeGeneratePost as generateApiKey,
  generateKeys,
  generateToken,
  getApplications,
  getOAuthKeys,
  getSubscriptions,
  getThrottlingPolicies,
} from '../client/devportal/sdk.gen';
import type { Api } from '../client/devportal/types.gen';
import { words } from './words';

/** A credential that Get access has made, or that the reader has typed or signed in for. */
export interface Access {
  kind: 'key' | 'token';
  secret: string;
  application: string;
  plan: string;
  /** Seconds that a token lives for which the reader signed in. */
  livesFor?: number;
}

export interface Choice {
  /** Empty: a new one with `name` is made. */
  applicationId: string;
  name: string;
  plan: string;
}

/** Application, subscription and credential, in one go. What exists already is used again. */
export async function getAccess(api: Api, choice: Choice): Promise<Access> {
  const applicationId = choice.applicationId || (await makeApplication(choice.name));
  if (choice.plan) await subscribe(api.id ?? '', applicationId, choice.plan);
  const made = { application: choice.name, plan: choice.plan };
  if (takesKey(api)) {
    const body = { keyName: words.access.keyName(api.name).slice(0, 60), validityPeriod: -1 };
    const key = await generateApiKey({ path: { applicationId, keyType: 'PRODUCTION' }, body });
    return { ...made, kind: 'key', secret: key.data.apikey ?? '' };
  }
  return { ...made, kind: 'token', secret: await makeToken(applicationId) };
}

/** Access with what there is, or with what most begin with: an application, the freest plan, a key. */
export async function quickAccess(api: Api): Promise<Access> {
  const held = (await getApplications({ query: { limit: 1 } })).data.list[0];
  return getAccess(api, { applicationId: held?.applicationId ?? '', name: held?.name ?? words.access.defaultName, plan: firstPlan(api) });
}

export function firstPlan(api: Api): string {
  const plans = (api.tiers ?? []).map((tier) => tier.tierName);
  return plans.includes('Unlimited') ? 'Unlimited' : (plans[0] ?? '');
}

export function takesKey(api: Api): boolean {
  return (api.securityScheme ?? []).includes('api_key');
}

export function takesToken(api: Api): boolean {
  return (api.securityScheme ?? []).includes('oauth2');
}

async function makeApplication(name: string): Promise<string> {
  const policies = await getThrottlingPolicies({ path: { policyLevel: 'application' }, query: { limit: 100 } });
  const names = policies.data.list.map((policy) => policy.name);
  const throttlingPolicy = names.includes('Unlimited') ? 'Unlimited' : (names[0] ?? 'Unlimited');
  const application = await createApplication({ body: { name, throttlingPolicy, tokenType: 'JWT' } });
  return application.data.applicationId ?? '';
}

async function subscribe(apiId: string, applicationId: string, throttlingPolicy: string) {
  const held = await getSubscriptions({ query: { applicationId, limit: 500 } });
  if (held.data.list.some((subscription) => subscription.apiId === apiId)) return;
  await createSubscription({ body: { apiId, applicationId, throttlingPolicy } });
}

async function makeToken(applicationId: string): Promise<string> {
  const keys = await getOAuthKeys({ path: { applicationId } });
  const held = keys.data.list.find((key) => key.keyType === 'PRODUCTION' && key.consumerKey);
  const key = held ?? (await generateKeys({ path: { applicationId }, body: PRODUCTION })).data;
  if (!key.consumerKey) throw new Error(words.application.keysWait);
  const token = await generateToken({ path: { applicationId, keyMappingId: key.keyMappingId ?? '' }, body: { validityPeriod: 3600 } });
  return token.data.accessToken ?? '';
}

const PRODUCTION = { keyType: 'PRODUCTION' as const, grantTypesToBeSupported: ['client_credentials'] };
