import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { EmptyState } from './empty-state';
import { LinkButton } from './link-button';
import { asProblem } from './problem';
import { ProblemView } from './problem-view';
import { words } from './words';

/** A page that has nothing but a message, and the way on. */
export function PageMessage({ title, help, onRetry }: { title: string; help: string; onRetry?: () => void }) {
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  const start = <LinkButton to="/">{words.notFound.start}</LinkButton>;
  return <EmptyState isPage title={title} help={help} action={onRetry ? <Button onClick={onRetry}>{words.retry}</Button> : start} />;
}

/** In the place of a page whose own thing could not be had: it is not there, the platform is not, or why else. */
export function PageProblem({ thrown, onRetry }: { thrown: unknown; onRetry?: () => void }) {
  const problem = asProblem(thrown);
  if (problem.status === 404) return <PageMessage title={words.problems[404] ?? problem.title} help={words.notFound.gone} />;
  if (NOT_READY.includes(problem.status) && problem.code === '') {
    return <PageMessage title={words.notReady.title} help={words.notReady.help} onRetry={onRetry ?? (() => location.reload())} />;
  }
  return <ProblemView thrown={problem} onRetry={onRetry} />;
}

/** No answer at all, or none from behind the front. */
const NOT_READY = [0, 502, 503, 504];
