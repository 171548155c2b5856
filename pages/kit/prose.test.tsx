import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import Prose from './prose';

it('markdown of strangers cannot run script', () => {
  const text = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[go](javascript:alert(1)) **bold**';
  const { container } = render(<Prose text={text} />);
  expect(container.querySelector('script, img')).toBeNull();
  expect(screen.getByText('go').getAttribute('href') ?? '').not.toContain('javascript');
  expect(screen.getByText('bold').tagName).toBe('STRONG');
});
