import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { address } from '../kit/address';
import { NotFound } from '../kit/not-found';
import { PageProblem } from '../kit/page-message';
import { SignInGuard } from '../kit/sign-in-guard';
import { Frame } from './Frame';
import { CataloguePage } from './pages/CataloguePage';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const api = createRoute({
  getParentRoute: () => root,
  path: '/apis/$apiId',
  component: lazyRouteComponent(() => import('./pages/ApiLayout'), 'ApiLayout'),
});

const applications = createRoute({
  getParentRoute: () => root,
  path: '/applications',
  component: () => (
    <SignInGuard portal="devportal">
      <Outlet />
    </SignInGuard>
  ),
});

const statistics = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  component: () => (
    <SignInGuard portal="devportal">
      <Outlet />
    </SignInGuard>
  ),
});

/** The map of the Developer Portal. */
const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: CataloguePage }),
  createRoute({ getParentRoute: () => root, path: '/apis', component: CataloguePage }),
  api.addChildren([
    createRoute({
      getParentRoute: () => api,
      path: '/',
      component: lazyRouteComponent(() => import('./pages/OverviewPage'), 'OverviewPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/reference',
      component: lazyRouteComponent(() => import('./pages/ReferencePage'), 'ReferencePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/console',
      component: lazyRouteComponent(() => import('./pages/ConsolePage'), 'ConsolePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/documents',
      component: lazyRouteComponent(() => import('./pages/DocumentsPage'), 'DocumentsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/comments',
      component: lazyRouteComponent(() => import('./pages/CommentsPage'), 'CommentsPage'),
    }),
  ]),
  statistics.addChildren([
    createRoute({
      getParentRoute: () => statistics,
      path: '/',
      component: lazyRouteComponent(() => import('./pages/StatisticsPage'), 'StatisticsPage'),
    }),
  ]),
  applications.addChildren([
    createRoute({
      getParentRoute: () => applications,
      path: '/',
      component: lazyRouteComponent(() => import('./pages/ApplicationsPage'), 'ApplicationsPage'),
    }),
    createRoute({
      getParentRoute: () => applications,
      path: '/$applicationId',
      component: lazyRouteComponent(() => import('./pages/ApplicationPage'), 'ApplicationPage'),
    }),
  ]),
]);

export const newRouter = () =>
  createRouter({
    ...address,
    routeTree: tree,
    basepath: '/devportal',
    defaultErrorComponent: ({ error }) => <PageProblem thrown={error} />,
  });
