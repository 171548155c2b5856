import { type ReactNode, useEffect } from 'react';
import { Mark } from '../kit/brand';
import { words as kit } from '../kit/words';
import classes from './gate.module.css';
import { GateScene } from './gate-scene';
import { words } from './words';

/** What every page of an account stands in: the gate beside it, the way home above, one heading. */
export function Gate({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${kit.product}`;
  }, [title]);
  return (
    <div className={classes.page}>
      <div className={classes.scene}>
        <GateScene />
      </div>
      <main className={classes.side}>
        <div className={classes.form}>
          <a className={classes.home} href="/" aria-label={words.home}>
            <Mark size={30} /> <span data-word>{kit.product}</span>
          </a>
          <h1>{title}</h1>
          {lead ? <p className={classes.lead}>{lead}</p> : null}
          {children}
        </div>
      </main>
    </div>
  );
}
