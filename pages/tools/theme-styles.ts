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
      return convertCssVariables(sets, ':root');
    },
  };
}
