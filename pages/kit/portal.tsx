import { type AnyRouter, RouterProvider } from '@tanstack/react-router';
import { mount } from './mount';
import { queries, settled } from './queries';
import { onSignedOut } from './request';
import { sessionOptions } from './session';

/** Shows the page once its code and what its route reads are there, so that nothing on it moves any more. */
export async function mountPortal(router: AnyRouter) {
  onSignedOut(() => queries.invalidateQueries(sessionOptions));
  queries.prefetchQuery(sessionOptions);
  try {
    await router.load();
    await settled(PATIENCE_MS);
  } finally {
    // A page that could not be loaded says so itself; one that has to wait for longer shows outlines.
    mount(<RouterProvider router={router} />);
  }
}

const PATIENCE_MS = 700;
