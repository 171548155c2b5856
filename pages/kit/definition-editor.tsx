import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';

interface DefinitionEditorProps {
  label: string;
  text: string;
  language: 'json' | 'yaml';
  readOnly?: boolean;
  onChange?: (text: string) => void;
}

/**
 * An editor for definitions. It lives in a shadow root: there the editor's styles are constructed sheets, which our content
 * security policy allows, and not `<style>` elements, which it refuses.
 */
export default function DefinitionEditor({ label, text, language, readOnly = false, onChange }: DefinitionEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is where editing starts; later texts come from the editor itself.
  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          basicSetup,
          language === 'json' ? json() : yaml(),
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, ...(readOnly ? { tabindex: '0' } : {}) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change.current?.(update.state.doc.toString());
          }),
          LOOK,
          syntaxHighlighting(COLOURS),
        ],
      }),
    });
    return () => view.destroy();
  }, [language, readOnly, label]);
  return <div ref={host} />;
}

const LOOK = EditorView.theme({
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
  '.cm-panels': { background: 'var(--postern-sunken)', color: 'inherit' },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--postern-brand)' },
  { tag: [tags.string, tags.content], color: 'var(--mantine-color-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#8a5a00, #ebb852)' },
  { tag: [tags.comment], color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--mantine-color-dimmed)' },
]);
