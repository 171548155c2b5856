import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Coded, uncoded } from './coded';

it.each([
  ['Sets `x-who` and `x-why`.', 'Sets x-who and x-why.', ['x-who', 'x-why']],
  ['Nothing to see', 'Nothing to see', []],
  ['A stray ` stays', 'A stray ` stays', []],
  ['<b>`<i>`</b>', '<b><i></b>', ['<i>']],
])('%s', (text, shown, names) => {
  const { container } = render(<Coded text={text} />);
  expect(container.textContent).toBe(shown);
  expect(uncoded(text)).toBe(shown);
  expect([...container.querySelectorAll('code')].map(({ textContent }) => textContent)).toEqual(names);
});
