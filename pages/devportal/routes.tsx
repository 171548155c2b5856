import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { address } from '../kit/address';
import { NotFound } from '../kit/not-found';
import { PageProblem } from '../kit/page-message';
import { queries } from '../kit/queries';
import { SignInGuard } from '../kit/sign-in-guard';
import { Frame } from './Frame';
import { CataloguePage } from './pages/CataloguePage';
import { apiRead, type CatalogueSearch, catalogueRead, definitionRead, tagsRead, themeRead } from './reads';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const api = createRoute({
  getParentRoute: () => root,
  path: '/apis/$apiId',
  loader: ({ params }) => void queries.prefetchQuery(apiRead(params.apiId)),
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

const catalogue = {
  loaderDeps: ({ search }: { search: CatalogueSearch }) => search,
  loader: ({ deps }: { deps: CatalogueSearch }) => {
    queries.prefetchQuery(catalogueRead(deps));
    queries.prefetchQuery(tagsRead());
    queries.prefetchQuery(themeRead());
  },
  component: CataloguePage,
};

/** The map of the Developer Portal. */
const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', ...catalogue }),
  createRoute({ getParentRoute: () => root, path: '/apis', ...catalogue }),
  createRoute({
    getParentRoute: () => root,
    path: '/signed-in',
    component: lazyRouteComponent(() => import('./pages/SignedInPage'), 'SignedInPage'),
  }),
  api.addChildren([
    createRoute({
      getParentRoute: () => api,
      path: '/',
      loader: ({ params }) => void queries.prefetchQuery(definitionRead(params.apiId)),
      component: lazyRouteComponent(() => import('./pages/OverviewPage'), 'OverviewPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/reference',
      loader: ({ params }) => void queries.prefetchQuery(definitionRead(params.apiId)),
      component: lazyRouteComponent(() => import('./pages/ReferencePage'), 'ReferencePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/console',
      loader: ({ params }) => void queries.prefetchQuery(definitionRead(params.apiId)),
      component: lazyRouteComponent(() => import('./pages/ConsolePage'), 'ConsolePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/documents',
      component: lazyRouteComponent(() => import('./pages/DocumentsPage'), 'DocumentsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/keys',
      component: lazyRouteComponent(() => import('./pages/ApiKeysPage'), 'ApiKeysPage'),
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
