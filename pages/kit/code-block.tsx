import classes from './code-block.module.css';
import { CopyButton } from './copy-button';
import { words } from './words';

/** Text that a machine reads, with a button that copies it. */
export function CodeBlock({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.scroll} aria-label={label} tabIndex={0}>
        <pre className={`${classes.text} ${wrap ? classes.wrap : ''}`}>{text}</pre>
      </section>
      <div className={classes.copy}>
        <CopyButton value={text} label={`${words.copy} ${label}`} />
      </div>
    </div>
  );
}

export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <span className={classes.inline}>
      {text} <CopyButton value={text} label={`${words.copy} ${label}`} />
    </span>
  );
}
