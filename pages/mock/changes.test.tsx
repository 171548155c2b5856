import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRouter as publisher } from '../publisher/routes';
import { answer, reset } from './platform';
import { COMMENT } from './publisher';
import { visit } from './visit';

const API = { id: 'pets', name: 'Pets', context: '/pets', version: '1.0.0', lifeCycleStatus: 'PUBLISHED' as const };
const UUID = '11111111-1111-4111-8111-111111111111';
let store: ReturnType<typeof reset>;

beforeEach(async () => {
  store = reset();
  store.apis.push(API);
  store.history.set('pets', [
    { previousState: 'CREATED', postState: 'PUBLISHED', user: 'ada', updatedTime: '2026-11-28T06:00:00.000Z' },
    { postState: 'CREATED', user: 'bob', updatedTime: '2026-11-28T05:00:00.000Z' },
  ]);
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

describe('the changes of an API', () => {
  it('tell who, what, before and after, and no address', async () => {
    const user = userEvent.setup();
    visit(publisher, '/publisher/apis/pets/changes');
    const table = await screen.findByRole('table', { name: 'Changes' });
    expect(within(table).getByText('api.change-lifecycle')).toBeTruthy();
    expect(within(table).queryByRole('columnheader', { name: 'Address' })).toBeNull();
    await user.click(within(table).getByRole('button', { name: 'Details of entry 2' }));
    const details = await screen.findByRole('table', { name: 'Details' });
    expect(within(details).getByText('CREATED')).toBeTruthy();
    expect(within(details).getByText('PUBLISHED')).toBeTruthy();
    expect(screen.queryByText('Seal')).toBeNull();
  });

  it('are narrowed by the address, and the way back is there when nothing is left', async () => {
    const user = userEvent.setup();
    const router = visit(publisher, '/publisher/apis/pets/changes?action=nothing');
    await screen.findByRole('heading', { name: 'Nothing matches' });
    // The field that narrows has one of its own.
    await user.click(screen.getAllByRole('button', { name: 'Clear filters' }).at(-1) as HTMLElement);
    const table = await screen.findByRole('table', { name: 'Changes' });
    expect(within(table).getByText('api.create')).toBeTruthy();
    expect(router.state.location.search).toEqual({});
  });

  it('name what they are about, not by an id', async () => {
    store.subscriptions.push({
      subscriptionId: UUID,
      apiId: 'pets',
      applicationInfo: { name: 'Shop' },
    } as (typeof store.subscriptions)[number]);
    store.entries.push(
      { id: 9, action: 'revision.create', subject: `${UUID.slice(0, -1)}3`, subjectName: 3 },
      { id: 8, action: 'comment.create', subject: COMMENT },
      { id: 7, action: 'subscription.create', subject: UUID },
      { id: 6, action: 'comment.delete', subject: `deadbeef${UUID.slice(8)}` },
      { id: 5, action: 'document.update', subject: `${UUID.slice(0, -1)}5`, subjectName: 'First steps' },
    );
    visit(publisher, '/publisher/apis/pets/changes');
    const table = await screen.findByRole('table', { name: 'Changes' });
    for (const name of ['Revision 3', 'Comment “Does it know cats, too? And if it does,…”', 'Subscription Shop', 'First steps']) {
      expect(await within(table).findByText(name)).toBeTruthy();
    }
    expect(within(table).getByText('deadbeef').parentElement?.textContent).toBe('Comment deadbeef');
  });

  it('are said not to be there when there are none', async () => {
    store.history.clear();
    visit(publisher, '/publisher/apis/pets/changes');
    expect(await screen.findByRole('heading', { name: 'Nothing has been changed yet' })).toBeTruthy();
  });
});

describe('subscribers', () => {
  const subscription = {
    subscriptionId: 's1',
    applicationId: 'a1',
    apiId: 'pets',
    throttlingPolicy: 'Gold',
    applicationInfo: { name: 'Shop' },
  };
  const show = async (status: 'DELETE_PENDING' | 'TIER_UPDATE_PENDING') => {
    store.subscriptions.push({ ...subscription, status } as (typeof store.subscriptions)[number]);
    visit(publisher, '/publisher/apis/pets/subscribers');
    return within(await screen.findByRole('table', { name: 'Subscribers' }));
  };

  it('whose end waits are said to wait, and can still be changed', async () => {
    const table = await show('DELETE_PENDING');
    expect(table.getByText('Deletion waits for approval')).toBeTruthy();
    expect(table.getByRole('button', { name: 'Block Shop' })).toBeTruthy();
  });

  it('whose other plan waits are left alone until somebody has decided', async () => {
    const table = await show('TIER_UPDATE_PENDING');
    expect(table.getByText('Other plan waits for approval')).toBeTruthy();
    expect(table.queryByRole('button')).toBeNull();
  });
});
