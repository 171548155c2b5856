import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import Prose from './prose';
import { isPlain, ProseView } from './prose-view';

it('markdown of strangers cannot run script', () => {
  const text = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[go](javascript:alert(1)) **bold**';
  const { container } = render(<Prose text={text} />);
  expect(container.querySelector('script, img')).toBeNull();
  expect(screen.getByText('go').getAttribute('href') ?? '').not.toContain('javascript');
  expect(screen.getByText('bold').tagName).toBe('STRONG');
});

it('plain sentences look the same without the parser', () => {
  const texts = [
    'Dogs and their people.',
    'One line\nand another.\n\nA second paragraph, 7 % of it: "quoted", with (brackets) - and a dash.',
  ];
  for (const text of texts) {
    expect(isPlain(text), text).toBe(true);
    const shown = render(<ProseView text={text} />).container;
    const parsed = render(<Prose text={text} />).container;
    const paragraphs = (place: Element) => [...place.querySelectorAll('p')].map(({ textContent }) => textContent);
    expect(paragraphs(shown)).toEqual(paragraphs(parsed));
  }
});

it('whatever Markdown may mean is left to the parser', () => {
  const texts = [
    '**bold**',
    'a_b_',
    '`code`',
    '# Title',
    'Title\n===',
    'Title\n---',
    '- item',
    '+ item',
    '1. item',
    '2) item',
    '> quote',
    '[a](b)',
    '<b>',
    'http://a.example',
    'www.a.example',
    'a@b.example',
    '| a | b |',
    'a &amp; b',
    'a\\*',
    '~~gone~~',
    '    code',
    '\tcode',
    'break  \nhere',
  ];
  for (const text of texts) expect(isPlain(text), text).toBe(false);
});
