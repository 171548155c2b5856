import { QueryClient } from '@tanstack/react-query';
import { asProblem } from './problem';

/** What the pages have read; also what a route asks for before its page is there. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only what may pass by itself is asked again.
      retry: (times, error) => times < 2 && [0, 502, 503].includes(asProblem(error).status),
      refetchOnWindowFocus: false,
    },
  },
});

/** Waits until nothing is being read, or until `patience` milliseconds are over. */
export function settled(patience: number): Promise<void> {
  return new Promise((done) => {
    const finish = () => {
      stop();
      clearTimeout(end);
      done();
    };
    const check = () => queries.isFetching() === 0 && finish();
    const stop = queries.getQueryCache().subscribe(check);
    const end = setTimeout(finish, patience);
    check();
  });
}
