import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from './brand';
import { Coded } from './coded';
import classes from './page.module.css';
import { words } from './words';

interface Emptiness {
  title: string;
  help: ReactNode;
  action?: ReactNode;
  /** It is all of the page, which then has its heading from it. */
  isPage?: boolean;
}

/** What stands where nothing is: what the thing is, and the one thing to do. */
export function EmptyState({ title, help, action, isPage = false }: Emptiness) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={classes.empty}>
      <Mark size={44} />
      <Heading>{title}</Heading>
      <p>{help}</p>
      {action}
    </div>
  );
}

/** Where a search has found nothing, and the way back to everything. */
export function NothingMatches({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title={words.nothingMatches}
      help={words.nothingMatchesHelp}
      action={
        <Button variant="default" onClick={onClear}>
          {words.clearFilters}
        </Button>
      }
    />
  );
}

/** Where somebody may not look: what is missing, and who gives it. */
export function NotAllowed({ reason }: { reason: string }) {
  return <EmptyState title={words.notAllowed} help={<Coded text={`${reason.replace(/[.!?]?$/, '.')} ${words.whoGives}`} />} />;
}
