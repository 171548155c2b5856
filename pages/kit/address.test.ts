import { expect, it } from 'vitest';
import { address } from './address';

it.each([
  ['?query=123&offset=25', { query: '123', offset: 25 }],
  ['?operation=GET+%2Fdogs', { operation: 'GET /dogs' }],
  ['?offset=-1', {}],
  ['?offset=NaN&a=%22b%22', { a: '"b"' }],
  ['', {}],
])('%s is read as words', (search, state) => {
  expect(address.parseSearch(search)).toEqual(state);
});

it.each([{ query: 'a b&c=d', offset: 50 }, { operation: 'GET /dogs/{id}' }, {}])('%j survives the address', (state) => {
  expect(address.parseSearch(address.stringifySearch(state))).toEqual(state);
});
