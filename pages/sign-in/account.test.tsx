import { readFileSync } from 'node:fs';
import { QueryClient } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { Surroundings } from '../kit/mount';
import { answer } from '../mock/platform';
import { grouped } from './device';
import { afterSignIn, webAddress } from './interaction';
import { Account } from './routes';
import { words } from './words';

function visit(address: string) {
  history.replaceState(null, '', address);
  render(
    <Surroundings client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Account />
    </Surroundings>,
  );
}

beforeEach(async () => {
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

describe('the pages of an account', () => {
  it('are picked by the path, with and without a slash', async () => {
    visit('/signed-out/');
    expect(await screen.findByRole('heading', { name: 'You are signed out' })).toBeTruthy();
  });

  it('say so when there is none', async () => {
    visit('/consent/nowhere');
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeTruthy();
  });

  it('have words for every reason that the platform names', async () => {
    const code = readFileSync('../crates/oauth/src/authorize/fault.rs', 'utf8');
    const reasons = [...code.matchAll(/=> "([a-z-]+)"/g)].map((found) => found[1] ?? '');
    expect(reasons.length).toBeGreaterThan(5);
    expect(Object.keys(words.faults).sort()).toEqual(reasons.sort());
    visit('/consent/error?reason=<script>');
    expect(await screen.findByRole('heading', { name: words.faults.malformed.title })).toBeTruthy();
  });
});

describe('consent', () => {
  it('shows who asks for what, and links to web pages only', async () => {
    visit('/consent/?interaction=waiting');
    expect(await screen.findByRole('heading', { name: 'Allow Petshop?' })).toBeTruthy();
    expect(screen.getByText('Know which account you are')).toBeTruthy();
    expect(screen.getByText('read:pets')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'petshop.example' }).getAttribute('href')).toBe('https://petshop.example/');
    expect(screen.getByText(/^Published at id\.petshop\.example\./)).toBeTruthy();
    expect(screen.queryByRole('link', { name: /privacy/ })).toBeNull();
  });

  it('that is over says what to do', async () => {
    visit('/consent/?interaction=gone');
    expect(await screen.findByRole('heading', { name: 'This sign-in is over' })).toBeTruthy();
  });
});

describe('a device', () => {
  it('is confirmed after its code was compared', async () => {
    const user = userEvent.setup();
    visit('/device?user_code=bcdfghjk');
    await user.click(await screen.findByRole('button', { name: 'Next' }));
    expect(await screen.findByText('BCDF-GHJK')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(await screen.findByRole('heading', { name: 'Your device is connected' })).toBeTruthy();
  });

  it('shows its code in two groups, however it is typed', () => {
    for (const [typed, shown] of [
      ['bcd', 'BCD'],
      ['bcdf', 'BCDF'],
      ['bcdfg', 'BCDF-G'],
      ['BCDF-GHJK', 'BCDF-GHJK'],
      [' b c d f g h j k l', 'BCDF-GHJK'],
      ['1234', ''],
    ]) {
      expect(grouped(typed ?? '')).toBe(shown);
    }
  });
});

describe('signing in', () => {
  it('leads to the interaction, or to a path of this origin', () => {
    for (const [address, there] of [
      ['/sign-in/?interaction=a%26b', '/oauth2/authorize/resume?interaction=a%26b'],
      ['/sign-in/?return_to=/device?user_code=x', '/device?user_code=x'],
      ['/sign-in/?return_to=//evil.example', '/'],
      ['/sign-in/?return_to=https://evil.example', '/'],
      ['/sign-in/', '/'],
    ]) {
      history.replaceState(null, '', address);
      expect(afterSignIn()).toBe(there);
    }
  });

  it('takes no address of a client that is no web page', () => {
    expect(webAddress('https://a.example')).toBe('https://a.example');
    for (const address of ['javascript:alert(1)', 'data:text/html,x', '//a.example', '', null, undefined]) {
      expect(webAddress(address)).toBeUndefined();
    }
  });
});
