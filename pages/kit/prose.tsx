import Markdown from 'react-markdown';
import gfm from 'remark-gfm';
import classes from './prose.module.css';

/** Markdown of an API's owner. HTML within it stays text, and addresses other than http, https and mailto are dropped. */
export default function Prose({ text }: { text: string }) {
  return (
    <div className={classes.prose}>
      <Markdown remarkPlugins={[gfm]} components={HEADINGS}>
        {text}
      </Markdown>
    </div>
  );
}

/** The page has its `h1` and `h2` already. */
const HEADINGS = { h1: 'h3', h2: 'h4', h3: 'h5' } as const;
