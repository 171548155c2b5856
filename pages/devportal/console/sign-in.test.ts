import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerOf, authorizationRequest, callbackAddress, codeOf, lacksOf, MixedUp, redeem, tell } from './sign-in';

const server = {
  issuer: 'https://keys.example/oauth2/token',
  authorization_endpoint: 'https://keys.example/oauth2/authorize',
  token_endpoint: 'https://keys.example/oauth2/token',
};
const attempt = { address: '', state: 'mine', verifier: 'v' };
const fitting = { consumerKey: 'c', supportedGrantTypes: ['authorization_code'], callbackUrl: callbackAddress() };

afterEach(() => vi.restoreAllMocks());

describe('a client', () => {
  it.each([
    [undefined, ['keys']],
    [{ keyState: 'CREATED' }, ['keys']],
    [{ consumerKey: 'c', supportedGrantTypes: ['client_credentials'] }, ['grant', 'callback']],
    [{ ...fitting, callbackUrl: 'https://shop.example/back' }, ['callback']],
    [fitting, []],
  ])('%j lacks %j', (key, lacks) => expect(lacksOf(key)).toEqual(lacks));
});

describe('a request', () => {
  it('shows the challenge of its verifier, and a state of its own', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => authorizationRequest(server, { id: 'c', secret: '' }, ['read', 'write'])));
    if (!first || !second) throw new Error('two were asked for');
    const query = new URLSearchParams(first.address.split('?')[1]);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(first.verifier)));
    expect(first.address).toMatch(/^\/oauth2\/authorize\?/);
    expect(query.get('code_challenge')).toBe(Buffer.from(digest).toString('base64url'));
    expect([query.get('code_challenge_method'), query.get('scope'), query.get('state')]).toEqual(['S256', 'read write', first.state]);
    expect(first.verifier).toHaveLength(43);
    expect([second.state, second.verifier]).not.toEqual([first.state, first.verifier]);
    expect(first.address).not.toContain(first.verifier);
  });
});

describe('an answer', () => {
  const answer = { code: 'x', state: 'mine', iss: server.issuer };

  it('gives its code', () => expect(codeOf(answer, attempt, server)).toBe('x'));

  it.each([
    ['another state', { state: 'theirs' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: '' }],
    ['no code', { code: '' }],
    ['a refusal to another request', { state: 'theirs', error: 'access_denied' }],
  ])('with %s counts for nothing', (_, change) => expect(() => codeOf({ ...answer, ...change }, attempt, server)).toThrow(MixedUp));

  it('that refuses says why', () => {
    const refusal = { ...answer, error: 'access_denied', error_description: 'the person said no' };
    expect(() => codeOf(refusal, attempt, server)).toThrow('The person said no');
  });

  it('reaches the page that waits for it, and no other', async () => {
    const [ours, theirs] = [new AbortController(), new AbortController()];
    const waiting = answerOf(attempt, ours.signal);
    const other = answerOf({ ...attempt, state: 'theirs' }, theirs.signal);
    tell(answer);
    expect(await waiting).toEqual(answer);
    theirs.abort(new Error('nothing came'));
    await expect(other).rejects.toThrow('nothing came');
  });
});

describe('an exchange', () => {
  const asked = () => vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ access_token: 't', expires_in: 60, scope: 'read' }));

  it('shows the verifier, and the secret of a client that has one', async () => {
    const sent = asked();
    expect(await redeem(server, { id: 'c', secret: 's:1' }, 'x', attempt)).toEqual({ value: 't', livesFor: 60, scope: 'read' });
    const [address, init] = sent.mock.calls[0] ?? [];
    expect(address).toBe('/oauth2/token');
    expect(init?.credentials).toBe('omit');
    expect(init?.headers).toEqual({ Authorization: `Basic ${btoa('c:s%3A1')}` });
    const body = init?.body as URLSearchParams;
    expect([body.get('code'), body.get('code_verifier'), body.get('client_id')]).toEqual(['x', 'v', null]);
  });

  it('names a client that can keep no secret', async () => {
    const sent = asked();
    await redeem(server, { id: 'c', secret: '' }, 'x', attempt);
    const { headers, body } = sent.mock.calls[0]?.[1] ?? {};
    expect([headers, (body as URLSearchParams).get('client_id')]).toEqual([{}, 'c']);
  });
});
