import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRouter as admin } from '../admin/routes';
import { newRouter as devportal } from '../devportal/routes';
import { newRouter as publisher } from '../publisher/routes';
import { answer, reset } from './platform';
import { visit } from './visit';

beforeEach(async () => {
  const store = reset();
  store.calls.push({ at: Date.now(), apiId: 'pets', status: 200 }, { at: Date.now(), apiId: 'pets', status: 200 });
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

describe('statistics', () => {
  it('show what was counted, and each view by its address', async () => {
    const user = userEvent.setup();
    visit(admin, '/admin/statistics');
    const table = await screen.findByRole('table', { name: 'By API' });
    expect(within(table).getByText('100%')).toBeTruthy();
    const views = screen.getByRole('navigation', { name: 'Views' });
    await user.click(within(views).getByRole('link', { name: 'Cost' }));
    expect(await screen.findByText('$12.50')).toBeTruthy();
    expect(within(views).getByRole('link', { name: 'Cost' }).getAttribute('aria-current')).toBe('page');
  });

  it('lead from a look to a call', async () => {
    visit(publisher, '/publisher/statistics?view=adoption');
    const funnel = await screen.findByRole('table', { name: 'From a look to a call' });
    expect(
      within(funnel)
        .getAllByRole('row')
        .map((row) => row.textContent),
    ).toEqual(['Looked at an API3', 'Subscribed266.7%', 'Called it150%']);
  });

  it('say nothing of others to who has no application', async () => {
    visit(devportal, '/devportal/statistics');
    expect(await screen.findByRole('heading', { name: 'You have no application yet', level: 1 })).toBeTruthy();
    expect(screen.queryByRole('navigation', { name: 'Views' })).toBeNull();
  });
});
