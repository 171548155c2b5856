import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { COLOURS, LOOK } from './editor-look';

/** What is wrong with a text, and where; the first line and the first column are 1. */
export interface Mark {
  line: number;
  column: number;
  message: string;
  isWarning?: boolean;
}

interface DefinitionEditorProps {
  label: string;
  text: string;
  language: 'json' | 'yaml';
  readOnly?: boolean;
  onChange?: (text: string) => void;
  /** Asked once typing pauses; what it finds is marked in the text. */
  lint?: (text: string) => Promise<Mark[]>;
}

/**
 * An editor for definitions. It lives in a shadow root: there the editor's styles are constructed sheets, which our content
 * security policy allows, and not `<style>` elements, which it refuses.
 */
export default function DefinitionEditor({ label, text, language, readOnly = false, onChange, lint }: DefinitionEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const check = useRef(lint);
  check.current = lint;
  const isChecked = lint !== undefined;
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
          isChecked ? [lintGutter(), linter(async ({ state }) => diagnosticsOf(state, check.current), { delay: 700 })] : [],
          LOOK,
          COLOURS,
        ],
      }),
    });
    return () => view.destroy();
  }, [language, readOnly, label, isChecked]);
  return <div ref={host} />;
}

async function diagnosticsOf(state: EditorState, lint: DefinitionEditorProps['lint']): Promise<Diagnostic[]> {
  const marks = (await lint?.(state.doc.toString())) ?? [];
  return marks.map(({ line, column, message, isWarning }) => {
    const held = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const from = Math.min(held.from + Math.max(column - 1, 0), held.to);
    return { from, to: held.to, message, severity: isWarning ? 'warning' : 'error' };
  });
}
