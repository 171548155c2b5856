import { DirectionProvider, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { useNotifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, StrictMode, Suspense, startTransition, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { direction } from './language';
import { queries } from './queries';
import './styles';
import { theme } from './theme';

const Toasts = lazy(() => import('./toasts'));

/** Everything that a page stands in: theme, query cache, toasts. */
export function Surroundings({ children, client = queries }: { children: ReactNode; client?: QueryClient }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={scheme} withCssVariables={false} withGlobalClasses={false}>
      <DirectionProvider initialDirection={direction} detectDirection={false}>
        <QueryClientProvider client={client}>
          <ToastPlace />
          {children}
        </QueryClientProvider>
      </DirectionProvider>
    </MantineProvider>
  );
}

/** Loaded with the first toast. */
function ToastPlace() {
  const { notifications } = useNotifications();
  const [isUsed, setUsed] = useState(false);
  if (notifications.length > 0 && !isUsed) setUsed(true);
  return isUsed ? (
    <Suspense>
      <Toasts />
    </Suspense>
  ) : null;
}

export function mount(page: ReactNode) {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no element `root`');
  // As a transition it is drawn in small steps, between which the browser answers.
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <Surroundings>{page}</Surroundings>
      </StrictMode>,
    ),
  );
}

const scheme = localStorageColorSchemeManager({ key: 'mantine-color-scheme-value' });
