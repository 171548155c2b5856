import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Copper that has stood outside for long: the colour of the gate. */
const patina: MantineColorsTuple = [
  '#edf6f3',
  '#d8ebe4',
  '#b1d6c9',
  '#86beab',
  '#5ca78f',
  '#3b907a',
  '#237a66',
  '#1a6757',
  '#144f43',
  '#0d3a32',
];

/** Lamplight, for the one thing on a page that should be seen first. */
const ochre: MantineColorsTuple = [
  '#fdf5e4',
  '#f9e8c4',
  '#f2d08b',
  '#ebb852',
  '#e0a32f',
  '#c98b1c',
  '#a36f12',
  '#82570d',
  '#65430a',
  '#4a3107',
];

const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f1eb',
  '#e8e5dd',
  '#dcd8ce',
  '#c9c4b8',
  '#a29e93',
  '#65665d',
  '#4a4c45',
  '#33362f',
  '#1a2320',
];

const dark: MantineColorsTuple = [
  '#e5ece8',
  '#c5d1cb',
  '#9aaaa2',
  '#66756e',
  '#33403b',
  '#29342f',
  '#18211e',
  '#0f1513',
  '#0b100e',
  '#070b0a',
];

export const theme = createTheme({
  primaryColor: 'patina',
  primaryShade: { light: 7, dark: 6 },
  black: '#1a2320',
  colors: { patina, ochre, gray, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "'Instrument Sans Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  headings: { fontFamily: "'Bricolage Grotesque Variable', 'Instrument Sans Variable', system-ui, sans-serif", fontWeight: '620' },
  components: {
    // The library locks scrolling with a `<style>` element, which our content security policy refuses.
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'lg',
        padding: 'lg',
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        // Its `<header>` would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Button: { defaultProps: { fw: 560 } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320 } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
  },
});

/** What the palette alone does not say: paper, surfaces and lines of both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-placeholder': PLACEHOLDER,
    '--mantine-color-body': '#f8f6f1',
    '--mantine-color-default-border': '#dcd8ce',
    '--mantine-color-error': '#ad2323',
    '--mantine-color-red-light': '#ffebea',
    '--mantine-color-red-light-hover': '#ffe0de',
    '--mantine-color-red-light-color': '#ad2323',
    '--postern-surface': '#ffffff',
    '--postern-sunken': '#f1eee7',
    '--postern-line': '#e4e0d6',
    '--postern-strong': '#0f1916',
    '--postern-brand': '#1a6757',
    '--postern-lamp': '#e0a32f',
  },
  dark: {
    '--mantine-color-placeholder': PLACEHOLDER,
    '--mantine-color-error': '#ff8f8c',
    '--mantine-color-red-light': '#3a1c1b',
    '--mantine-color-red-light-hover': '#472221',
    '--mantine-color-red-light-color': '#ff9d99',
    '--mantine-color-default-border': '#36443f',
    '--postern-surface': '#161e1b',
    '--postern-sunken': '#0b100e',
    '--postern-line': '#25302c',
    '--postern-strong': '#f4f8f6',
    '--postern-brand': '#6fbda5',
    '--postern-lamp': '#ebb852',
  },
});

/** As what else is said aside: the library's own has too little contrast on our surfaces, and stands in more than empty fields. */
const PLACEHOLDER = 'var(--mantine-color-dimmed)';
