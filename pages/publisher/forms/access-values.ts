import type { Api } from '../../client/publisher/types.gen';
import { type Address, type EndpointValues, endpointConfigOf, endpointValuesOf } from '../endpoint-values';
import { words } from '../words';

/** The part of an API that says where calls go and who may make them. */
export type Access = Pick<Api, 'endpointConfig' | 'securityScheme' | 'apiKeyHeader' | 'authorizationHeader' | 'corsConfiguration'>;

export interface AccessValues {
  endpoint: EndpointValues;
  oauth2: boolean;
  apiKey: boolean;
  apiKeyHeader: string;
  authorizationHeader: string;
  cors: boolean;
  origins: string;
}

export function accessValuesOf(api: Api): AccessValues {
  const schemes = api.securityScheme ?? [];
  return {
    endpoint: endpointValuesOf(api),
    oauth2: schemes.includes('oauth2'),
    apiKey: schemes.includes('api_key'),
    apiKeyHeader: api.apiKeyHeader ?? 'ApiKey',
    authorizationHeader: api.authorizationHeader ?? 'Authorization',
    cors: api.corsConfiguration?.corsConfigurationEnabled ?? false,
    origins: (api.corsConfiguration?.accessControlAllowOrigins ?? ['*']).join(', '),
  };
}

export function accessOf(values: AccessValues, kept: Api): Access {
  const others = (kept.securityScheme ?? []).filter((scheme) => !['oauth2', 'api_key', MANDATORY].includes(scheme));
  return {
    endpointConfig: endpointConfigOf(values.endpoint, kept.endpointConfig),
    securityScheme: [...(values.oauth2 ? ['oauth2'] : []), ...(values.apiKey ? ['api_key'] : []), ...others, MANDATORY],
    apiKeyHeader: values.apiKeyHeader,
    authorizationHeader: values.authorizationHeader,
    corsConfiguration: {
      ...kept.corsConfiguration,
      corsConfigurationEnabled: values.cors,
      accessControlAllowOrigins: values.origins.split(',').map((origin) => origin.trim()),
    },
  };
}

const address = (value: string) => (value === '' || /^https?:\/\/\S+$/.test(value) ? null : words.endpoints.address);
const addresses = { url: (value: Address['url']) => address(value.trim()) };
export const ACCESS_RULES = {
  endpoint: { production: addresses, sandbox: addresses },
  oauth2: (value: boolean, values: AccessValues) => (value || values.apiKey ? null : words.endpoints.one),
};
/** WSO2's name for: one of the credentials of the application level must be shown. */
const MANDATORY = 'oauth_basic_auth_api_key_mandatory';
