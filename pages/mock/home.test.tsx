import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRouter as publisher } from '../publisher/routes';
import { answer, reset } from './platform';
import { visit } from './visit';

const API = { id: 'pets', name: 'Pets', context: '/pets', version: '1.0.0', lifeCycleStatus: 'PUBLISHED' as const };
const DECIDES = 'apim:subscription_approval_view';
let store: ReturnType<typeof reset>;

beforeEach(async () => {
  store = reset();
  store.apis.push(API);
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

function asked(referenceId: string, application: string) {
  store.workflows.push({ referenceId, workflowStatus: 'CREATED', description: `The application \`${application}\` asks for \`Gold\`` });
}

async function home() {
  visit(publisher, '/publisher/');
  return within(await screen.findByRole('region', { name: 'Waiting for you' }));
}

describe('the start of the Publisher', () => {
  it('says that nothing waits where nothing does', async () => {
    store.scopes = [DECIDES];
    const waiting = await home();
    expect(await waiting.findByText('Nothing waits for you.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Pets' })).toBeTruthy();
  });

  it('shows names as names, and labels without marks', async () => {
    store.scopes = [DECIDES];
    asked('one', 'Shop');
    const waiting = await home();
    expect((await waiting.findByText('Shop')).tagName).toBe('CODE');
    expect(waiting.getByRole('button', { name: 'Reject: The application Shop asks for Gold' })).toBeTruthy();
  });

  it('leaves one task when the other is decided', async () => {
    store.scopes = [DECIDES];
    asked('one', 'Shop');
    asked('two', 'Stall');
    const user = userEvent.setup();
    const waiting = await home();
    await user.click(await waiting.findByRole('button', { name: /^Approve: .* Shop/ }));
    expect(await screen.findByText('It is approved')).toBeTruthy();
    expect(store.workflows.map(({ referenceId }) => referenceId)).toEqual(['two']);
    expect(waiting.queryByText('Shop')).toBeNull();
    await user.click(waiting.getByRole('button', { name: /^Reject: .* Stall/ }));
    expect(await waiting.findByText('Nothing waits for you.')).toBeTruthy();
    expect(store.workflows).toEqual([]);
  });

  it('says why a decision was refused, and keeps the task', async () => {
    store.scopes = [DECIDES];
    asked('one', 'Shop');
    const user = userEvent.setup();
    const waiting = await home();
    const approve = await waiting.findByRole('button', { name: /^Approve: .* Shop/ });
    // Somebody else was faster.
    store.workflows = [];
    await user.click(approve);
    expect(await screen.findByText('There is no such object')).toBeTruthy();
    expect(waiting.getByText('Shop')).toBeTruthy();
  });

  it('asks nobody who may not decide', async () => {
    asked('one', 'Shop');
    const waiting = await home();
    expect(await waiting.findByText('Nothing waits for you.')).toBeTruthy();
    expect(waiting.queryByRole('button')).toBeNull();
  });
});
