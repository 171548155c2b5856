import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState } from './empty-state';
import { ProblemView } from './problem-view';
import { sessionOptions, signInAddress } from './session';
import type { PortalName } from './shell';
import { PageSkeleton } from './skeletons';
import { words } from './words';

/** Shows `children` to those who may use the portal; sends the others to sign in, and back here afterwards. */
export function SignInGuard({ portal, children }: { portal: PortalName; children: ReactNode }) {
  const session = useQuery(sessionOptions);
  if (session.isPending) return <PageSkeleton />;
  if (session.isError) return <ProblemView thrown={session.error} onRetry={() => session.refetch()} />;
  if (!session.data.signedIn) {
    location.replace(signInAddress());
    return <PageSkeleton />;
  }
  if (session.data.portals && !session.data.portals.includes(portal)) {
    return <EmptyState isPage title={words.notAllowed} help={words.notAllowedHelp(words.portals[portal])} />;
  }
  return children;
}
