import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import classes from './bar-menu.module.css';

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  /** Where it leads; absent: `onChoose` says what it does. */
  href?: string;
  onChoose?: () => void;
  /** One of several, of which one counts. */
  isChosen?: boolean;
}

export interface MenuGroup {
  name?: string;
  items: MenuItem[];
}

interface BarMenuProps {
  /** What the button says to those who do not see it. */
  label: string;
  /** A function is asked when the menu opens. */
  groups: MenuGroup[] | (() => MenuGroup[]);
  className?: string;
  children: ReactNode;
  end?: boolean;
}

/** A menu of the bar. Ours, because the library's weighs 25 KiB, and every first load has a bar. */
export function BarMenu({ label, groups, className, children, end = false }: BarMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) itemsOf(list.current)[0]?.focus();
  }, [isOpen]);
  function close() {
    setOpen(false);
    button.current?.focus();
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus has gone elsewhere.
    <div className={classes.place} onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <button
        ref={button}
        type="button"
        className={`${classes.button} ${className ?? ''}`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen ? (
        <div
          ref={list}
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          className={classes.list}
          data-end={end}
          onKeyDown={(event) => walk(event, close)}
        >
          {(typeof groups === 'function' ? groups() : groups).map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu.
            <div key={group.items[0]?.label} role="group" aria-label={group.name} className={classes.group}>
              {group.name ? <div className={classes.name}>{group.name}</div> : null}
              {group.items.map((item) => (
                <Item key={item.label} item={item} onDone={close} />
              ))}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function Item({ item, onDone }: { item: MenuItem; onDone: () => void }) {
  const shared = {
    className: classes.item,
    tabIndex: -1,
    'data-chosen': item.isChosen,
    ...(item.isChosen === undefined || item.href ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': item.isChosen }),
  };
  if (item.href) {
    return (
      <a {...shared} href={item.href} aria-current={item.isChosen ? 'page' : undefined}>
        {item.icon} {item.label}
      </a>
    );
  }
  return (
    <button
      {...shared}
      type="button"
      onClick={() => {
        onDone();
        item.onChoose?.();
      }}
    >
      {item.icon} {item.label}
    </button>
  );
}

function walk(event: KeyboardEvent<HTMLDivElement>, close: () => void) {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  if (event.key === 'Escape') return close();
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  items.at(place % items.length)?.focus();
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}
