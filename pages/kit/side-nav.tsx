import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode, useRef } from 'react';
import classes from './side-nav.module.css';
import { useRowInSight } from './use-row-in-sight';

export interface NavGroup {
  name: string;
  links: { to: string; label: string; exact?: boolean }[];
}

/** The pages of one thing, beside the page that is open; a row that scrolls on narrow screens. */
export function SideNav({ label, groups, children }: { label: string; groups: NavGroup[]; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null);
  useRowInSight(nav);
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
