import { type ReactNode, useEffect, useId } from 'react';
import classes from './page.module.css';
import { words } from './words';

interface PageHeaderProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}

/** The only `h1` of a page; it also names the browser's tab. */
export function PageHeader({ title, lead, actions, above }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  return (
    <div className={classes.header}>
      <div className={classes.headline}>
        {above}
        <h1 className={classes.title}>{title}</h1>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Panel({ title, help, actions, children }: { title?: string; help?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={title ? id : undefined}>
      {title ? (
        <div className={classes.panelHead}>
          <h2 className={classes.panelTitle} id={id} style={{ flex: 1 }}>
            {title}
          </h2>
          {actions}
        </div>
      ) : null}
      {help ? <p className={classes.panelHelp}>{help}</p> : null}
      {children}
    </section>
  );
}

export function Panels({ children, halves = false }: { children: ReactNode; halves?: boolean }) {
  return <div className={halves ? classes.halves : classes.panels}>{children}</div>;
}

/** Names and values. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
