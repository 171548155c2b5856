import type { Api } from '../client/publisher/types.gen';

export type EndpointKind = 'production' | 'sandbox';
export type EndpointType = 'http' | 'load_balance' | 'failover';
export type LoginType = '' | 'BASIC' | 'apikey' | 'OAUTH' | 'aws';

export interface Address {
  url: string;
  /** Its share of calls where several take turns; empty: an equal one. */
  weight: string | number;
}

/** How the gateway signs in; a secret that is empty stays as it is. */
export interface Login {
  type: LoginType;
  fields: Record<string, string>;
}

/** Where calls go, as the form holds it. */
export interface EndpointValues {
  type: EndpointType;
  session: string;
  timeout: string | number;
  retries: string | number;
  suspend: string | number;
  production: Address[];
  sandbox: Address[];
  logins: Record<EndpointKind, Login>;
}

type Json = Record<string, unknown>;

export function endpointValuesOf(api: Api): EndpointValues {
  const config = record(api.endpointConfig);
  const production = addressesOf(config, 'production');
  const care = record(record(firstOf(config.production_endpoints) ?? firstOf(config.sandbox_endpoints)).config);
  const type = text(config.endpoint_type);
  return {
    type: type === 'load_balance' || type === 'failover' ? type : 'http',
    session: text(config.sessionManagement),
    timeout: text(care.actionDuration),
    retries: text(care.retryTimeOut),
    suspend: text(care.suspendDuration),
    production: production.length > 0 ? production : [{ url: '', weight: '' }],
    sandbox: addressesOf(config, 'sandbox').length > 0 ? addressesOf(config, 'sandbox') : [{ url: '', weight: '' }],
    logins: { production: loginOf(config, 'production'), sandbox: loginOf(config, 'sandbox') },
  };
}

/** The configuration with what the form says, and with all that the form does not know. */
export function endpointConfigOf(values: EndpointValues, kept: Api['endpointConfig']): Json {
  const config: Json = { ...record(kept), endpoint_type: values.type };
  for (const kind of KINDS) place(config, kind, values, record(kept));
  if (values.type === 'load_balance') config.sessionManagement = values.session;
  else delete config.sessionManagement;
  const logins = KINDS.map((kind): [string, Json] => [kind, loginTo(values.logins[kind], record(record(config.endpoint_security)[kind]))]);
  config.endpoint_security = { ...record(config.endpoint_security), ...Object.fromEntries(logins) };
  return config;
}

function place(config: Json, kind: EndpointKind, values: EndpointValues, kept: Json) {
  const held = new Map(listOf(kept, kind).map((address) => [text(address.url), address]));
  const addresses = values[kind]
    .filter(({ url }) => url.trim() !== '')
    .map((address) => addressTo(address, held.get(address.url.trim()) ?? {}, values));
  const [first, ...others] = addresses;
  delete config[`${kind}_failovers`];
  config[`${kind}_endpoints`] = values.type === 'load_balance' && first ? addresses : first;
  if (values.type === 'failover' && others.length > 0) config[`${kind}_failovers`] = others;
}

function addressTo({ url, weight }: Address, held: Json, values: EndpointValues): Json {
  const { weight: _, ...rest } = held;
  const { weight: __, ...care } = record(held.config);
  const settings = {
    ...care,
    ...given('actionDuration', values.timeout, care),
    ...given('retryTimeOut', values.retries, care),
    ...given('suspendDuration', values.suspend, care),
    ...(values.type === 'load_balance' && weight !== '' ? { weight: Number(weight) } : {}),
  };
  return { ...rest, url: url.trim(), ...(Object.keys(settings).length > 0 ? { config: settings } : {}) };
}

/** A setting that is empty, and was not there before, is not sent. */
function given(name: string, value: string | number, held: Json): Json {
  return value === '' && !(name in held) ? {} : { [name]: String(value) };
}

function loginOf(config: Json, kind: EndpointKind): Login {
  const held = record(record(config.endpoint_security)[kind]);
  const type = LOGIN_TYPES.find((known) => known !== '' && known.toLowerCase() === text(held.type).toLowerCase()) ?? '';
  if (held.enabled !== true || type === '') return { type: '', fields: {} };
  return { type, fields: Object.fromEntries(LOGIN_FIELDS[type].map((name) => [name, text(held[name])])) };
}

function loginTo({ type, fields }: Login, held: Json): Json {
  if (type === '') return { enabled: false, type: 'NONE' };
  const kept = text(held.type).toLowerCase() === type.toLowerCase() ? held : {};
  const own = type === 'OAUTH' ? { grantType: text(kept.grantType) || 'CLIENT_CREDENTIALS' } : {};
  const place_ = type === 'apikey' ? { apiKeyIdentifierType: fields.apiKeyIdentifierType || 'HEADER' } : {};
  return { ...kept, ...own, ...fields, ...place_, enabled: true, type };
}

function addressesOf(config: Json, kind: EndpointKind): Address[] {
  return listOf(config, kind).map((address) => ({ url: text(address.url), weight: text(address.weight ?? record(address.config).weight) }));
}

/** All addresses of one kind of key, in their order. */
function listOf(config: Json, kind: EndpointKind): Json[] {
  const held = config[`${kind}_endpoints`];
  const failovers = config[`${kind}_failovers`];
  const all = [...(Array.isArray(held) ? held : [held]), ...(Array.isArray(failovers) ? failovers : [])];
  return all.map(record).filter((address) => text(address.url) !== '');
}

function firstOf(held: unknown): unknown {
  return Array.isArray(held) ? held[0] : held;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

export const KINDS: EndpointKind[] = ['production', 'sandbox'];
export const LOGIN_TYPES: LoginType[] = ['', 'BASIC', 'apikey', 'OAUTH', 'aws'];
/** What each way of signing in needs; the names are the management API's. */
export const LOGIN_FIELDS: Record<Exclude<LoginType, ''>, string[]> = {
  BASIC: ['username', 'password'],
  apikey: ['apiKeyIdentifier', 'apiKeyIdentifierType', 'apiKeyValue'],
  OAUTH: ['tokenUrl', 'clientId', 'clientSecret'],
  aws: ['accessKey', 'secretKey', 'region', 'service'],
};
/** Kept sealed, and never shown again. */
export const SECRETS = ['password', 'apiKeyValue', 'clientSecret', 'secretKey'];
