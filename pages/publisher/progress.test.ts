import { describe, expect, it } from 'vitest';
import type { Api } from '../client/publisher/types.gen';
import { paths } from './paths';
import { progressOf } from './progress';
import { transitionsOf } from './transitions';

const api: Api = {
  id: '1',
  name: 'Pets',
  context: '/pets',
  version: '1',
  operations: [{ verb: 'GET', target: '/' }],
  endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'https://up.example' } },
  securityScheme: ['oauth2', 'oauth_basic_auth_api_key_mandatory'],
};

describe('the way of an API', () => {
  it('is open when nothing stands in it', () => {
    const progress = progressOf(api, []);
    expect(progress.blocker).toBeUndefined();
    expect(progress.steps.map((step) => step.isDone)).toEqual([true, true, false, false]);
  });

  it('leads to the missing endpoint', () => {
    expect(progressOf({ ...api, endpointConfig: {} }, []).blocker).toEqual({
      reason: 'No upstream endpoint yet',
      to: paths.endpoints('1'),
    });
  });

  it('ends when consumers see it', () => {
    const progress = progressOf({ ...api, lifeCycleStatus: 'PUBLISHED' }, ['Default']);
    expect(progress.steps.every((step) => step.isDone)).toBe(true);
  });
});

describe('a transition', () => {
  const state = { state: 'CREATED', availableTransitions: [{ event: 'Publish', targetState: 'Published' }] };

  it.each([
    [{ hasEndpoint: false, isDeployed: false }, 'It needs an upstream endpoint first.'],
    [{ hasEndpoint: true, isDeployed: false }, 'Deploy a revision first: consumers would find what does not answer.'],
    [{ hasEndpoint: true, isDeployed: true }, undefined],
    // A product has no endpoint of its own.
    [{ isDeployed: true }, undefined],
  ])('with %j says why not: %s', (standing, reason) => {
    expect(transitionsOf(state, standing)[0]?.reason).toBe(reason);
  });
});

it('paths of the Publisher stay', () => {
  expect(Object.entries(paths).map(([name, path]) => `${name} ${(path as (...ids: string[]) => string)('ID', 'ID')}`)).toMatchSnapshot();
});
