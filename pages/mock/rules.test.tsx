import { QueryClient, useQuery } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Surroundings } from '../kit/mount';
import { type Problem, problemFrom } from '../kit/problem';
import { QueryView } from '../kit/query-view';
import { newRouter as publisher } from '../publisher/routes';
import { petstore } from './petstore';
import { answer } from './platform';
import { visit } from './visit';

beforeEach(async () => {
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

async function imported() {
  const form = new FormData();
  form.set('file', new File([JSON.stringify(petstore)], 'petstore.json', { type: 'application/json' }));
  form.set('additionalProperties', JSON.stringify({ name: 'PetStore', version: '1.0.0', context: '/petstore', policies: ['Unlimited'] }));
  await answer(new Request('http://localhost/api/am/publisher/v4/apis/import-openapi', { method: 'POST', body: form }));
}

function Page({ query }: { query: () => Promise<string> }) {
  return <QueryView query={useQuery({ queryKey: ['asked'], queryFn: query })}>{(text) => <p>{text}</p>}</QueryView>;
}

/** What a page shows of a query that ends so. */
function shown(query: () => Promise<string>) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <Surroundings client={client}>
      <Page query={query} />
    </Surroundings>,
  ).container;
}

const refused = (problem: Problem) => () => Promise.reject(problem);

describe('a list', () => {
  it('has its state in its address, and takes it from there', async () => {
    await imported();
    const user = userEvent.setup();
    const router = visit(publisher, '/publisher/apis?query=pet&state=CREATED&by=apiName&order=desc');
    const table = await screen.findByRole('table', { name: 'APIs' });
    const field = screen.getByRole('searchbox', { name: 'Search by name, context or tag' });
    expect((field as HTMLInputElement).value).toBe('pet');
    expect((screen.getByRole('combobox', { name: 'State' }) as HTMLSelectElement).value).toBe('CREATED');
    expect(within(table).getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort')).toBe('descending');
    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), '');
    await user.clear(field);
    await user.type(field, 'no such thing');
    expect(await screen.findByRole('heading', { name: 'Nothing matches' })).toBeTruthy();
    expect(router.state.location.search).toEqual({ query: 'no such thing', by: 'apiName', order: 'desc' });
    // One is in the field, the other below what says that nothing matches.
    await user.click(screen.getAllByRole('button', { name: 'Clear filters' }).at(-1) as HTMLElement);
    expect(await screen.findByRole('link', { name: 'PetStore' })).toBeTruthy();
    expect(router.state.location.search).toEqual({ by: 'apiName', order: 'desc' });
  });

  it('says what the thing is where there is none yet', async () => {
    visit(publisher, '/publisher/');
    expect(await screen.findByRole('heading', { name: 'Bring your first API' })).toBeTruthy();
  });
});

describe('what a page waits for', () => {
  it('has an outline until it is there', async () => {
    let come = (_: string) => {};
    const page = shown(
      () =>
        new Promise((done) => {
          come = done;
        }),
    );
    expect(page.querySelectorAll('.mantine-Skeleton-root').length).toBeGreaterThan(0);
    come('Rex');
    expect(await screen.findByText('Rex')).toBeTruthy();
    expect(page.querySelectorAll('.mantine-Skeleton-root')).toHaveLength(0);
  });

  it('names who gives what is not allowed', async () => {
    shown(refused(problemFrom(403, { message: 'Forbidden', description: 'the scope `apim:admin` is missing' })));
    expect(await screen.findByRole('heading', { name: 'Not with your roles' })).toBeTruthy();
    const named = screen.getByText('apim:admin');
    expect(named.tagName).toBe('CODE');
    expect(named.closest('p')?.textContent).toMatch(/^The scope apim:admin is missing\. An administrator can give you a role/);
  });

  it('says why it failed, under which name, and asks again', async () => {
    const answers = [
      refused(problemFrom(500, { code: 900967, message: 'General Error', moreInfo: '/docs/errors/900967' }, 'r-17')),
      async () => 'Rex',
    ];
    shown(() => answers.shift()?.() ?? Promise.reject(new Error('asked once more')));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('General Error');
    expect(alert.textContent).toContain('Request ID: r-17');
    expect(within(alert).getByRole('button', { name: 'Copy Request ID' })).toBeTruthy();
    expect(within(alert).getByRole('link').getAttribute('href')).toBe('/docs/errors/900967');
    await userEvent.setup().click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Rex')).toBeTruthy();
  });
});

describe('the calls behind a page', () => {
  it('are copied as curl', async () => {
    await imported();
    const user = userEvent.setup();
    const copied = vi.spyOn(navigator.clipboard, 'writeText');
    visit(publisher, '/publisher/apis');
    await screen.findByRole('link', { name: 'PetStore' });
    await user.click(screen.getByRole('button', { name: 'Calls behind this page' }));
    await user.click(await screen.findByRole('menuitem', { name: 'GET /api/am/publisher/v4/apis?limit=25&offset=0' }));
    expect(copied).toHaveBeenCalledTimes(1);
    expect(copied.mock.calls[0]?.[0]).toMatch(
      /^curl 'http:\/\/localhost(:\d+)?\/api\/am\/publisher\/v4\/apis\?limit=25&offset=0' \\\n {2}-H "Authorization: Bearer \$TOKEN"$/,
    );
  });
});
