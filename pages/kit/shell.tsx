import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Account, Calls, PortalSwitch, Preferences } from './bar-menus';
import { Mark } from './brand';
import { MergeView } from './merge-view';
import { type Finder, type Goal, PaletteButton } from './palette-view';
import classes from './shell.module.css';
import { words } from './words';

export type PortalName = keyof typeof words.portals;

interface ShellProps {
  portal: PortalName;
  /** The pages of the portal, where they stand in the bar and not beside the page. */
  links?: { to: string; label: string }[];
  /** What the palette leads to besides `links`. */
  pages?: Goal[];
  find?: Finder;
  children: ReactNode;
}

/** Bar, navigation and the place of the page: the same in all three portals. */
export function Shell({ portal, links = [], pages = [], find, children }: ShellProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <a className={classes.skip} href="#content">
        {words.skip}
      </a>
      <header className={classes.bar}>
        <div className={classes.inner}>
          <a className={classes.home} href="/" aria-label={words.product}>
            <Mark />
            <span className={classes.word} data-word>
              {words.product}
            </span>
          </a>
          <PortalSwitch portal={portal} />
          {links.length > 0 ? (
            <nav className={classes.nav} data-open={open} aria-label={words.portals[portal]} id="navigation">
              {links.map((link) => (
                <Link key={link.to} to={link.to} className={classes.link} onClick={() => setOpen(false)}>
                  {link.label}
                </Link>
              ))}
            </nav>
          ) : null}
          <div className={classes.tools}>
            <PaletteButton pages={[...links, ...pages]} find={find} />
            <Calls />
            <Preferences />
            <Account />
            {links.length > 0 ? <MenuButton open={open} onToggle={() => setOpen(!open)} /> : null}
          </div>
        </div>
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <MergeView />
    </>
  );
}

function MenuButton({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  return (
    <ActionIcon
      className={classes.menu}
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={open ? words.closeMenu : words.menu}
      aria-expanded={open}
      aria-controls="navigation"
      onClick={onToggle}
    >
      {open ? <IconX size={20} /> : <IconMenu2 size={20} />}
    </ActionIcon>
  );
}
