import { Link, useRouterState } from '@tanstack/react-router';
import { Fragment, type ReactNode, useEffect, useRef } from 'react';
import classes from './side-nav.module.css';

export interface NavGroup {
  name: string;
  links: { to: string; label: string; exact?: boolean }[];
}

/** The pages of one thing, beside the page that is open; a row that scrolls on narrow screens. */
export function SideNav({ label, groups, children }: { label: string; groups: NavGroup[]; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // In the row of narrow screens the open page may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path makes another link the active one.
  useEffect(() => {
    const row = nav.current;
    const open = row?.querySelector<HTMLElement>('[data-status="active"]');
    if (!row || !open) return;
    // Only the row moves: the page stays where its reader is.
    row.scrollLeft += open.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - open.clientWidth) / 2;
    row.scrollTop += Math.max(0, open.getBoundingClientRect().bottom - row.getBoundingClientRect().bottom);
  }, [path]);
  return (
    <div className={classes.layout}>
      <nav className={classes.nav} aria-label={label} ref={nav}>
        {groups.map((group) => (
          <Fragment key={group.name}>
            <div className={classes.group}>{group.name}</div>
            {group.links.map((link) => (
              <Link
                key={link.to}
                to={link.to}
                className={classes.link}
                activeOptions={{ exact: link.exact ?? false, includeSearch: false }}
              >
                {link.label}
              </Link>
            ))}
          </Fragment>
        ))}
      </nav>
      <div>{children}</div>
    </div>
  );
}
