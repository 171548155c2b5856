import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from './problem';
import { type Conflict, hold, onSignedOut, send, settleConflictsBy } from './request';

afterEach(() => {
  vi.unstubAllGlobals();
});

function platform(reply: (request: Request) => Response) {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request);
    return reply(request);
  });
  return asked;
}

it('changes carry the header against forgery', async () => {
  const asked = platform(() => new Response('{}'));
  await send('http://localhost/api/a', { method: 'POST' });
  await send('http://localhost/api/a');
  expect(asked.map((request) => request.headers.get('x-postern-csrf'))).toEqual(['1', null]);
});

it('replaces only what was last seen', async () => {
  const asked = platform(() => new Response('{}', { headers: { etag: '"7"' } }));
  await send('http://localhost/api/b');
  await send('http://localhost/api/b', { method: 'PUT' });
  expect(asked[1]?.headers.get('if-match')).toBe('"7"');
});

it('replaces only what a form showed when it was opened, whatever was read meanwhile', async () => {
  let tag = 1;
  const asked = platform(() => new Response('{}', { headers: { etag: `"${tag}"` } }));
  const change = async () => {
    await send('http://localhost/api/held', { method: 'PUT' });
    return asked.at(-1)?.headers.get('if-match');
  };
  await send('http://localhost/api/held');
  const release = hold();
  tag = 2;
  await send('http://localhost/api/held');
  expect(await change()).toBe('"1"');
  tag = 3;
  await send('http://localhost/api/held');
  expect(await change()).toBe('"2"');
  tag = 4;
  await send('http://localhost/api/held');
  release();
  expect(await change()).toBe('"4"');
});

it('forgets the tag of what was deleted', async () => {
  const asked = platform((request) => new Response('{}', request.method === 'GET' ? { headers: { etag: '"7"' } } : {}));
  await send('http://localhost/api/c');
  await send('http://localhost/api/c', { method: 'DELETE' });
  await send('http://localhost/api/c', { method: 'PUT' });
  expect(asked[2]?.headers.get('if-match')).toBeNull();
});

it('throws refusals as problems', async () => {
  platform(() => Response.json({ code: 404, message: 'not found' }, { status: 404 }));
  await expect(send('http://localhost/api/d')).rejects.toBeInstanceOf(Problem);
});

it('tells listeners that the session is over', async () => {
  platform(() => Response.json({}, { status: 401 }));
  const heard = vi.fn();
  const stop = onSignedOut(heard);
  await send('http://localhost/api/e').catch(() => undefined);
  stop();
  expect(heard).toHaveBeenCalledOnce();
});

describe('a change that somebody came before', () => {
  const saved: string[] = [];
  let present = { name: 'Kennel', plan: 'Gold' };
  function contested() {
    saved.length = 0;
    let tag = 1;
    platform((request) => {
      if (request.method === 'GET') return Response.json(present, { headers: { etag: `"${tag}"` } });
      if (request.headers.get('if-match') !== `"${tag}"`) return Response.json({ message: 'changed' }, { status: 412 });
      saved.push(request.headers.get('if-match') ?? '');
      return Response.json({});
    });
    return () => {
      present = { ...present, plan: 'Silver' };
      tag += 1;
    };
  }
  const put = (name: string) =>
    send('http://localhost/api/c', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, plan: 'Gold' }),
    });

  afterEach(() => settleConflictsBy(undefined));

  it('is settled with what both want, and saved', async () => {
    const changeElsewhere = contested();
    await send('http://localhost/api/c');
    changeElsewhere();
    let seen: Conflict | undefined;
    settleConflictsBy(async (conflict) => {
      seen = conflict;
      return { name: 'Dogs', plan: 'Silver' };
    });
    await put('Dogs');
    expect(seen?.mine).toEqual({ name: 'Dogs', plan: 'Gold' });
    expect(seen?.theirs).toEqual({ name: 'Kennel', plan: 'Silver' });
    expect(saved).toEqual(['"2"']);
  });

  it('is refused when nobody settles it', async () => {
    const changeElsewhere = contested();
    await send('http://localhost/api/c');
    changeElsewhere();
    settleConflictsBy(async () => undefined);
    await expect(put('Dogs')).rejects.toMatchObject({ status: 412 });
    expect(saved).toEqual([]);
  });
});
