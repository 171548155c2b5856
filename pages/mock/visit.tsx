import { QueryClient } from '@tanstack/react-query';
import { type AnyRouter, createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { Surroundings } from '../kit/mount';

/** Opens a page of a portal before the mock platform, and answers its router. */
export function visit(portal: () => AnyRouter, path: string): AnyRouter {
  const router = portal();
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [path] }) });
  render(
    <Surroundings client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </Surroundings>,
  );
  return router;
}
