import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NotAllowed } from './empty-state';
import { asProblem } from './problem';
import { ProblemView } from './problem-view';
import { RowsSkeleton } from './skeletons';

/** What a query answers, or that it is on its way, or why it failed. */
export function QueryView<Answer>({
  query,
  children,
}: {
  query: UseQueryResult<Answer, unknown>;
  children: (answer: Answer) => ReactNode;
}) {
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError && asProblem(query.error).status === 403) return <NotAllowed reason={asProblem(query.error).detail} />;
  if (query.isError) return <ProblemView thrown={query.error} onRetry={() => query.refetch()} />;
  return children(query.data);
}
