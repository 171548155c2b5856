import { EmptyState } from './empty-state';
import { LinkButton } from './link-button';

/** For an address that no page has. */
export function NotFound() {
  return (
    <EmptyState
      title="No page has this address"
      help="It may have been moved, or the link is cut off."
      action={<LinkButton to="/">Go to the start</LinkButton>}
    />
  );
}
