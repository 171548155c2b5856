import { DirectionProvider, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type AnyRouter, RouterProvider } from '@tanstack/react-router';
import { lazy, type ReactNode, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { direction } from './language';
import { asProblem } from './problem';
import { onSignedOut } from './request';
import { sessionOptions } from './session';
import './styles';
import { theme } from './theme';

const Toasts = lazy(() => import('./toasts'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only what may pass by itself is asked again.
      retry: (times, error) => times < 2 && [0, 502, 503].includes(asProblem(error).status),
      refetchOnWindowFocus: false,
    },
  },
});

/** Everything that a page stands in: theme, query cache, toasts. */
export function Surroundings({ children, client = queries }: { children: ReactNode; client?: QueryClient }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={scheme} withCssVariables={false} withGlobalClasses={false}>
      <DirectionProvider initialDirection={direction} detectDirection={false}>
        <QueryClientProvider client={client}>
          <Suspense>
            <Toasts />
          </Suspense>
          {children}
        </QueryClientProvider>
      </DirectionProvider>
    </MantineProvider>
  );
}

export function mountRouter(router: AnyRouter) {
  onSignedOut(() => queries.invalidateQueries(sessionOptions));
  mount(<RouterProvider router={router} />);
}

export function mount(page: ReactNode) {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no element `root`');
  createRoot(root).render(
    <StrictMode>
      <Surroundings>{page}</Surroundings>
    </StrictMode>,
  );
}

const scheme = localStorageColorSchemeManager({ key: 'mantine-color-scheme-value' });
