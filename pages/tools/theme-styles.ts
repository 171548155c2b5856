import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import type { Plugin } from 'vite';
import { theme, variables } from '../kit/theme.ts';

const NAME = 'virtual:theme.css';

/**
 * Writes the theme's variables into a style sheet at build time. Mantine would add a `<style>` element when the page runs,
 * which a content security policy without `unsafe-inline` refuses.
 */
export function themeStyles(): Plugin {
  return {
    name: 'theme-styles',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const base = defaultCssVariablesResolver(merged);
      const own = variables(merged);
      const sets = {
        variables: { ...base.variables, ...own.variables },
        light: { ...base.light, ...own.light },
        dark: { ...base.dark, ...own.dark },
      };
      return convertCssVariables(inUse(sets), ':root');
    },
  };
}

/** Without the palettes of the library that no page takes a colour from: they were half of all that a page waits for before it paints. */
function inUse(sets: Sets): Sets {
  const all = Object.values(sets).flatMap((set) => Object.entries(set));
  const wanted = new Set(all.filter(([name]) => !UNUSED.test(name)).flatMap(([name, value]) => [name, ...namesIn(value)]));
  const only = (set: Record<string, string>) => Object.fromEntries(Object.entries(set).filter(([name]) => wanted.has(name)));
  return { variables: only(sets.variables), light: only(sets.light), dark: only(sets.dark) };
}

const namesIn = (value: string) => [...value.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name ?? '');

type Sets = Record<'variables' | 'light' | 'dark', Record<string, string>>;
/** The palettes that the theme neither has made nor any page names. */
export const UNUSED = /^--mantine-color-(?:blue|cyan|grape|green|indigo|lime|orange|pink|teal|violet)-/;
