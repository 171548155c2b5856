import { describe, expect, it } from 'vitest';
import type { Api } from '../client/publisher/types.gen';
import { endpointConfigOf, endpointValuesOf } from './endpoint-values';

const api = (endpointConfig: Api['endpointConfig']): Api => ({ name: 'Pets', context: '/pets', version: '1', endpointConfig });
const round = (config: Api['endpointConfig']) => endpointConfigOf(endpointValuesOf(api(config)), config);
const NO_LOGIN = { production: { enabled: false, type: 'NONE' }, sandbox: { enabled: false, type: 'NONE' } };

describe('an endpoint configuration', () => {
  it.each([
    ['of one address', { endpoint_type: 'http', production_endpoints: { url: 'https://a.example' } }],
    [
      'of addresses in turns',
      {
        endpoint_type: 'load_balance',
        sessionManagement: 'transport',
        production_endpoints: [{ url: 'https://a.example', config: { weight: 95 } }, { url: 'https://b.example' }],
      },
    ],
    [
      'of addresses that stand in',
      {
        endpoint_type: 'failover',
        production_endpoints: { url: 'https://a.example' },
        production_failovers: [{ url: 'https://b.example', config: { suspendMaxDuration: '9' } }],
      },
    ],
  ])('%s comes back as it went in', (_, config) => {
    const back = JSON.parse(JSON.stringify(round(config)));
    expect(back).toEqual({ ...config, endpoint_security: NO_LOGIN });
  });

  it('keeps a secret that is not entered anew', () => {
    const security = { production: { enabled: true, type: 'BASIC', username: 'ada', password: '' } };
    const config = { endpoint_type: 'http', production_endpoints: { url: 'https://a.example' }, endpoint_security: security };
    expect(round(config).endpoint_security).toEqual({ ...NO_LOGIN, ...security });
  });

  it('lets go of what belongs to another type', () => {
    const config = {
      endpoint_type: 'failover',
      production_endpoints: { url: 'https://a.example' },
      production_failovers: [{ url: 'https://b.example' }],
    };
    const values = endpointValuesOf(api(config));
    const http = endpointConfigOf({ ...values, type: 'http' }, config);
    expect(http).not.toHaveProperty('production_failovers');
    const turns = endpointConfigOf({ ...values, type: 'load_balance' }, config);
    expect(turns.production_endpoints).toEqual([{ url: 'https://a.example' }, { url: 'https://b.example' }]);
  });
});
