import { ActionIcon, Button, Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconBook2, IconChevronDown, IconLogout, IconMenu2, IconMoon, IconSun, IconUser, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Mark } from './brand';
import { signInAddress, signOut, useSession } from './session';
import classes from './shell.module.css';
import { words } from './words';

export type PortalName = keyof typeof words.portals;

interface ShellProps {
  portal: PortalName;
  /** The pages of the portal, where they stand in the bar and not beside the page. */
  links?: { to: string; label: string }[];
  children: ReactNode;
}

/** Bar, navigation and the place of the page: the same in all three portals. */
export function Shell({ portal, links = [], children }: ShellProps) {
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
            <span className={classes.word}>{words.product}</span>
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
            <SchemeSwitch />
            <Account />
            {links.length > 0 ? <MenuButton open={open} onToggle={() => setOpen(!open)} /> : null}
          </div>
        </div>
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        {children}
      </main>
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

function PortalSwitch({ portal }: { portal: PortalName }) {
  return (
    <Menu position="bottom-start" width={220} radius="md">
      <Menu.Target>
        <UnstyledButton className={classes.portal} aria-label={`${words.portals[portal]}: ${words.switchPortal}`}>
          <span aria-hidden="true">/</span> {words.portals[portal]} <IconChevronDown size={15} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(words.portals).map(([name, label]) => (
          <Menu.Item key={name} component="a" href={`/${name}/`} aria-current={name === portal ? 'page' : undefined}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/docs/" leftSection={<IconBook2 size={16} />}>
          {words.documents}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={isDark ? words.toLight : words.toDark}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={19} /> : <IconMoon size={19} />}
    </ActionIcon>
  );
}

function Account() {
  const session = useSession();
  const queries = useQueryClient();
  // The address is read so that a change of page renders the link to come back to anew.
  useRouterState({ select: (state) => state.location.href });
  if (!session) return null;
  if (!session.signedIn) {
    return (
      <Button component="a" href={signInAddress()} size="sm" className={classes.account}>
        {words.signIn}
      </Button>
    );
  }
  async function leave() {
    await signOut();
    queries.clear();
    location.assign('/');
  }
  return (
    <Menu position="bottom-end" width={200} radius="md">
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconUser size={17} />}
          className={classes.account}
          aria-label={`${words.account}: ${session.username}`}
        >
          <span className={classes.name}>{session.username}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.roles?.join(', ')}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
