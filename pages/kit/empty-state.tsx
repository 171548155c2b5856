import type { ReactNode } from 'react';
import { Mark } from './brand';
import classes from './page.module.css';

/** What stands where nothing is: what the thing is, and the one thing to do. */
export function EmptyState({ title, help, action }: { title: string; help: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Mark size={44} />
      <h2>{title}</h2>
      <p>{help}</p>
      {action}
    </div>
  );
}
