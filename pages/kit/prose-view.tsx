import { lazy, Suspense } from 'react';
import classes from './prose.module.css';

const Prose = lazy(() => import('./prose'));

/** A text that may be Markdown. Most descriptions are plain sentences, and do not wait for the parser's 48 KiB. */
export function ProseView({ text }: { text: string }) {
  if (isPlain(text)) return <Plain text={text} />;
  return (
    <Suspense fallback={<Plain text={text} />}>
      <Prose text={text} />
    </Suspense>
  );
}

/** Whether Markdown makes nothing of the text but paragraphs. Says no when in doubt. */
export function isPlain(text: string): boolean {
  return !MARKS.test(text);
}

function Plain({ text }: { text: string }) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return (
    <div className={classes.prose}>
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the paragraphs of one text keep their places.
        <p key={index}>{paragraph}</p>
      ))}
    </div>
  );
}

/** Emphasis, code, links, tables, entities and escapes anywhere; lists, headings, rules and indented code at the start of a line; hard breaks. */
const MARKS = /[*_`~#<>[\]|\\&@]|:\/\/|www\.|^\s*(?:[-+=]|\d+[.)])|^(?: {4}|\t)| {2}\r?\n/m;
