import classes from './prose.module.css';

/** A sentence whose names stand in backticks, as the platform's own do; it fits where no paragraphs may stand. */
export function Coded({ text }: { text: string }) {
  const parts = text.split('`');
  // A backtick without its partner is a character as any other.
  if (parts.length % 2 === 0) return text;
  return (
    <span className={classes.coded}>
      {parts.map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places.
        index % 2 === 0 ? part : <code key={index}>{part}</code>,
      )}
    </span>
  );
}

/** The same sentence for labels and titles, which can hold nothing but text. */
export function uncoded(text: string): string {
  return text.split('`').length % 2 === 0 ? text : text.replaceAll('`', '');
}
