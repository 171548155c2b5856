import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRouter as publisher } from '../publisher/routes';
import { answer, reset } from './platform';
import { visit } from './visit';

const API = { id: 'pets', name: 'Pets', context: '/pets', version: '1.0.0', lifeCycleStatus: 'PUBLISHED' as const };
const slow = { kind: 'latency' as const, percentile: 95, milliseconds: 800 };
let store: ReturnType<typeof reset>;

beforeEach(async () => {
  store = reset();
  store.apis.push(API);
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

describe('the rules of an API', () => {
  it('are made with a sentence of what they will do, and tell whom they name', async () => {
    const user = userEvent.setup();
    visit(publisher, '/publisher/apis/pets/alerts?view=rules');
    await user.click(await screen.findByRole('button', { name: 'New rule' }));
    const dialog = await screen.findByRole('dialog', { name: 'New rule' });
    expect(within(dialog).queryByRole('option', { name: 'Keys that end' })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Save changes' }));
    expect(await within(dialog).findByText('This is needed')).toBeTruthy();
    await user.type(within(dialog).getByRole('textbox', { name: /^Name/ }), 'Failing');
    const percent = within(dialog).getByLabelText('More than this many of a hundred calls');
    await user.clear(percent);
    await user.type(percent, '20');
    expect(within(dialog).getByText(/^Opens when more than 20 % of the calls/)).toBeTruthy();
    await user.type(within(dialog).getByLabelText('E-mail addresses'), 'ops@example.com');
    await user.click(await within(dialog).findByRole('checkbox', { name: 'Operations' }));
    await user.click(within(dialog).getByRole('button', { name: 'Save changes' }));
    await user.click(await screen.findByRole('button', { name: 'Send a test of Failing' }));
    expect(await screen.findByText('2 test messages are on their way')).toBeTruthy();
    expect(store.rules).toMatchObject([{ name: 'Failing', apiId: 'pets', emails: ['ops@example.com'], webhooks: ['hook'] }]);
  });

  it('are those of this API and of every API, and are narrowed by the address', async () => {
    const condition = { kind: 'errorRate' as const, percent: 5 };
    store.rules.push({ id: '1', name: 'Mine', apiId: 'pets', condition }, { id: '2', name: 'Everywhere', condition: slow });
    store.rules.push(
      { id: '3', name: 'Elsewhere', apiId: 'birds', condition },
      { id: '4', name: 'Shop', applicationId: 'shop', condition },
    );
    visit(publisher, '/publisher/apis/pets/alerts?view=rules&about=latency');
    const table = await screen.findByRole('table', { name: 'Rules' });
    expect(within(table).getByText('Everywhere')).toBeTruthy();
    expect(within(table).getByText('Every API')).toBeTruthy();
    for (const name of ['Mine', 'Elsewhere', 'Shop']) expect(within(table).queryByText(name)).toBeNull();
    const test = within(table).getByRole('button', { name: 'Send a test of Everywhere' }) as HTMLButtonElement;
    expect(test.disabled).toBe(true);
    expect(test.title).toMatch(/^The rule tells nobody/);
  });

  it('say why one was refused, and keep what was typed', async () => {
    store.rules.push({ id: '1', name: 'Taken', apiId: 'pets', condition: slow });
    const user = userEvent.setup();
    visit(publisher, '/publisher/apis/pets/alerts?view=rules');
    await user.click(await screen.findByRole('button', { name: 'New rule' }));
    const dialog = await screen.findByRole('dialog', { name: 'New rule' });
    const name = within(dialog).getByRole('textbox', { name: /^Name/ });
    await user.type(name, 'Taken');
    await user.click(within(dialog).getByRole('button', { name: 'Save changes' }));
    expect(await within(dialog).findByText('You have a rule of this name already')).toBeTruthy();
    expect((name as HTMLInputElement).value).toBe('Taken');
  });
});

describe('alerts', () => {
  it('that are open stand first, each with who was told and how that went', async () => {
    store.rules.push({ id: 'r', name: 'Slow', condition: slow });
    store.alerts.push(
      { id: 'a', ruleId: 'r', ruleName: 'Slow', kind: 'latency', cause: 'api:pets', summary: 'the API `Pets` is slow', state: 'open' },
      { id: 'b', ruleId: 'r', ruleName: 'Slow', kind: 'latency', cause: 'api:birds', summary: 'the API `Birds` is slow', state: 'open' },
    );
    const fault = 'the receiver answered `503`';
    store.deliveries.set('a', [
      { id: '1', channel: 'webhook', target: 'hook', subject: 'Alert: Slow', state: 'failed', failedAttempts: 8, fault },
      { id: '2', channel: 'mail', target: 'ops@example.com', subject: 'Alert: Slow', state: 'delivered' },
    ]);
    const user = userEvent.setup();
    visit(publisher, '/publisher/apis/pets/alerts');
    const table = await screen.findByRole('table', { name: 'Open' });
    expect((await within(table).findByText('Pets')).tagName).toBe('CODE');
    expect(within(table).queryByText('Birds')).toBeNull();
    await user.click(within(table).getByRole('button', { name: 'Who was told: the API Pets is slow' }));
    const told = await screen.findByRole('table', { name: 'Who was told' });
    expect(await within(told).findByText('Operations')).toBeTruthy();
    expect(within(told).getByText('Given up')).toBeTruthy();
    expect(within(told).getByText('8 attempts failed')).toBeTruthy();
    expect(within(told).getByText('503').tagName).toBe('CODE');
    expect(within(told).getByText('Delivered')).toBeTruthy();
  });

  it('are said not to be there when there are none', async () => {
    visit(publisher, '/publisher/alerts?view=past');
    expect(await screen.findByRole('heading', { name: 'No alert yet' })).toBeTruthy();
  });
});
