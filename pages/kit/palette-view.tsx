import { ActionIcon, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import classes from './shell.module.css';
import { words } from './words';

const Palette = lazy(() => import('./palette'));

/** Something that the palette leads to. */
export interface Goal {
  label: string;
  hint?: string;
  to?: string;
  href?: string;
  onChoose?: () => void;
}

/** Finds things of a portal by what was typed. */
export type Finder = (text: string) => Promise<Goal[]>;

/** The way to everything by name: a button of the bar, and ⌘K or Ctrl+K anywhere. */
export function PaletteButton({ pages, find }: { pages: Goal[]; find?: Finder }) {
  const [isOpen, setOpen] = useState(false);
  useHotkeys([['mod+K', () => setOpen(true)]], []);
  return (
    <>
      <UnstyledButton className={classes.find} onClick={() => setOpen(true)} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} aria-hidden="true" /> {words.palette.open}{' '}
        <span className={classes.keys} aria-hidden="true">
          {IS_MAC ? '⌘K' : 'Ctrl K'}
        </span>
      </UnstyledButton>
      <ActionIcon
        className={classes.findSmall}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={words.palette.open}
        onClick={() => setOpen(true)}
      >
        <IconSearch size={19} />
      </ActionIcon>
      {isOpen ? (
        <Suspense>
          <Palette pages={pages} find={find} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

const IS_MAC = /mac/i.test(navigator.platform);
