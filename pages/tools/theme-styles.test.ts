import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UNUSED } from './theme-styles';

const PAGES = join(import.meta.dirname, '..');
const FOLDERS = ['kit', 'sign-in', 'publisher', 'devportal', 'admin'];

function sources(folder: string): string[] {
  return readdirSync(join(PAGES, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? sources(path) : /\.(tsx?|css)$/.test(entry.name) ? [path] : [];
  });
}

it('no page takes a colour that its sheet lacks', () => {
  const taken = FOLDERS.flatMap(sources).flatMap((path) => {
    const text = readFileSync(join(PAGES, path), 'utf8');
    const names = [...text.matchAll(/(?:\b(?:color|c|bg)=["'{]+|--mantine-color-|\bcolor: ')([a-z]+)/g)].map(([, name]) => name);
    return names.filter((name) => UNUSED.test(`--mantine-color-${name}-`)).map((name) => `${path}: ${name}`);
  });
  expect(taken).toEqual([]);
});
