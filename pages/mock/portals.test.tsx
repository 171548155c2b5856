import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRouter as admin } from '../admin/routes';
import { newRouter as devportal } from '../devportal/routes';
import { newRouter as publisher } from '../publisher/routes';
import { petstore } from './petstore';
import { answer } from './platform';
import { visit } from './visit';

beforeEach(async () => {
  await answer(new Request('http://localhost/session', { method: 'POST', body: JSON.stringify({ username: 'ada', password: 'good' }) }));
});

async function importPetstore() {
  const user = userEvent.setup();
  visit(publisher, '/publisher/import');
  const file = new File([JSON.stringify(petstore)], 'petstore.json', { type: 'application/json' });
  await user.upload(await screen.findByLabelText('Choose a file'), file);
  await user.click(await screen.findByRole('button', { name: 'Create API' }));
  await screen.findByRole('heading', { name: 'PetStore', level: 1 });
  return user;
}

describe('the Publisher', () => {
  it('invites to import when there is nothing', async () => {
    visit(publisher, '/publisher/');
    expect(await screen.findByRole('heading', { name: 'Bring your first API' })).toBeTruthy();
    expect(screen.getAllByRole('link', { name: 'Import an OpenAPI document' })).toHaveLength(1);
  });

  it('shows faults instead of creating', async () => {
    const user = userEvent.setup();
    visit(publisher, '/publisher/import');
    await user.upload(await screen.findByLabelText('Choose a file'), new File(['{'], 'broken.json', { type: 'application/json' }));
    expect(await screen.findByText('line 1, column 1: the document is neither JSON nor YAML')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create API' })).toBeNull();
  });

  it('brings a document to consumers with two clicks', async () => {
    const user = await importPetstore();
    await user.click(screen.getByRole('button', { name: 'Deploy and publish' }));
    const link = await screen.findByRole('link', { name: 'See it in the Developer Portal' });
    expect(link.getAttribute('href')).toMatch(/^\/devportal\/apis\//);
    expect(screen.getByText('Runs in Default')).toBeTruthy();
  });
});

describe('the Developer Portal', () => {
  it('leads from an API to an answered call', async () => {
    const publishing = await importPetstore();
    await publishing.click(screen.getByRole('button', { name: 'Deploy and publish' }));
    const { href } = (await screen.findByRole('link', { name: 'See it in the Developer Portal' })) as HTMLAnchorElement;
    document.body.replaceChildren();
    const user = userEvent.setup();
    visit(devportal, new URL(href).pathname);
    await user.click(await screen.findByRole('button', { name: 'Get access' }));
    await user.click(await screen.findByRole('button', { name: 'Get key' }));
    await user.click(await screen.findByRole('link', { name: 'Try it in the console' }));
    await user.click(await screen.findByRole('button', { name: 'Send' }));
    expect(await screen.findByText('200 OK')).toBeTruthy();
    expect(screen.getByText(/99 of 100 calls left in each minute/)).toBeTruthy();
  });
});

describe('Admin', () => {
  it('says in words what a plan will do', async () => {
    const user = userEvent.setup();
    visit(admin, '/admin/policies');
    expect(await screen.findByText('At most 5,000 requests in each minute.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'New plan' }));
    const dialog = await screen.findByRole('dialog');
    const amount = within(dialog).getByLabelText('How many');
    await user.clear(amount);
    await user.type(amount, '10');
    expect(within(dialog).getByText('At most 10 requests in each minute.')).toBeTruthy();
  });

  it('announces a key, and withdraws one after asking', async () => {
    const user = userEvent.setup();
    visit(admin, '/admin/signing-keys');
    expect(await screen.findByText('Signs')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'New key' }));
    const dialog = await screen.findByRole('dialog');
    await user.selectOptions(within(dialog).getByLabelText('Algorithm'), 'EdDSA');
    await user.click(within(dialog).getByRole('button', { name: 'New key' }));
    expect(await screen.findByText('Announced')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Withdraw k1' }));
    const asked = await screen.findByRole('dialog', { name: 'Withdraw k1' });
    expect(within(asked).getByText(/A new key signs at once/)).toBeTruthy();
    await user.click(within(asked).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText('Withdrawn')).toBeTruthy();
  });
});
