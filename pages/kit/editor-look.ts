import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** How text of machines looks where it is edited or compared. */
export const LOOK = EditorView.theme({
  '&': {
    height: '64vh',
    border: '1px solid var(--postern-line)',
    borderRadius: '0.75rem',
    overflow: 'hidden',
    background: 'var(--postern-surface)',
    color: 'var(--mantine-color-text)',
    fontSize: '13.5px',
  },
  '&.cm-focused': { outline: '2px solid var(--postern-brand)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-gutters': { background: 'var(--postern-sunken)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'color-mix(in srgb, var(--postern-brand) 8%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--postern-strong)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--postern-brand) 28%, transparent) !important',
  },
  '.cm-panels, .cm-tooltip': {
    background: 'var(--postern-sunken)',
    color: 'inherit',
    border: '1px solid var(--postern-line)',
  },
  '.cm-changedLine': { background: 'light-dark(#e3f3e6, #14301f) !important' },
  '.cm-changedText': { background: 'light-dark(#bfe5c7, #1f5233) !important' },
  '.cm-deletedChunk': { background: 'light-dark(#fbe6e4, #3a1a19) !important' },
  '.cm-deletedChunk .cm-deletedText': { background: 'light-dark(#f4c4c0, #6b2724) !important' },
  // What has changed is said by its ground; the colours of its parts could not be read there.
  '.cm-changedText, .cm-changedText *, .cm-deletedText, .cm-deletedText *': { color: 'var(--mantine-color-text) !important' },
  '.cm-collapsedLines': { background: 'var(--postern-sunken)', color: 'var(--mantine-color-dimmed)' },
});

export const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--postern-brand)' },
    { tag: [tags.string, tags.content], color: 'var(--mantine-color-text)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#8a5a00, #ebb852)' },
    { tag: [tags.comment], color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
    { tag: [tags.punctuation, tags.separator], color: 'var(--mantine-color-dimmed)' },
  ]),
);
