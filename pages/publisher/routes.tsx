import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { address } from '../kit/address';
import { NotFound } from '../kit/not-found';
import { PageProblem } from '../kit/page-message';
import { Frame } from './Frame';
import { ApiLayout, ProductLayout } from './pages/ApiLayout';
import { HomePage } from './pages/HomePage';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const api = createRoute({ getParentRoute: () => root, path: '/apis/$apiId', component: ApiLayout });

const product = createRoute({ getParentRoute: () => root, path: '/products/$productId', component: ProductLayout });

/** The map of the Publisher. */
const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({
    getParentRoute: () => root,
    path: '/apis',
    component: lazyRouteComponent(() => import('./pages/ApisPage'), 'ApisPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/import',
    component: lazyRouteComponent(() => import('./pages/ImportPage'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/statistics',
    component: lazyRouteComponent(() => import('./pages/AllStatisticsPage'), 'AllStatisticsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./pages/AlertsPage'), 'AllAlertsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/policies',
    component: lazyRouteComponent(() => import('./pages/SharedPoliciesPage'), 'SharedPoliciesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/scopes',
    component: lazyRouteComponent(() => import('./pages/ScopesPage'), 'ScopesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/services',
    component: lazyRouteComponent(() => import('./pages/ServicesPage'), 'ServicesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/products',
    component: lazyRouteComponent(() => import('./pages/ProductsPage'), 'ProductsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/products/new',
    component: lazyRouteComponent(() => import('./pages/ProductNewPage'), 'ProductNewPage'),
  }),
  product.addChildren([
    createRoute({
      getParentRoute: () => product,
      path: '/',
      component: lazyRouteComponent(() => import('./pages/ProductPage'), 'ProductPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/documents',
      component: lazyRouteComponent(() => import('./pages/DocumentsPage'), 'DocumentsPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/documents/$documentId',
      component: lazyRouteComponent(() => import('./pages/DocumentPage'), 'DocumentPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/revisions',
      component: lazyRouteComponent(() => import('./pages/RevisionsPage'), 'RevisionsPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/lifecycle',
      component: lazyRouteComponent(() => import('./pages/LifecyclePage'), 'ProductLifecyclePage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/versions',
      component: lazyRouteComponent(() => import('./pages/VersionsPage'), 'VersionsPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/subscribers',
      component: lazyRouteComponent(() => import('./pages/SubscribersPage'), 'SubscribersPage'),
    }),
    createRoute({
      getParentRoute: () => product,
      path: '/changes',
      component: lazyRouteComponent(() => import('./pages/ChangesPage'), 'ChangesPage'),
    }),
  ]),
  api.addChildren([
    createRoute({
      getParentRoute: () => api,
      path: '/',
      component: lazyRouteComponent(() => import('./pages/OverviewPage'), 'OverviewPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/operations',
      component: lazyRouteComponent(() => import('./pages/OperationsPage'), 'OperationsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/definition',
      component: lazyRouteComponent(() => import('./pages/DefinitionPage'), 'DefinitionPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/endpoints',
      component: lazyRouteComponent(() => import('./pages/EndpointsPage'), 'EndpointsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/policies',
      component: lazyRouteComponent(() => import('./pages/PoliciesPage'), 'PoliciesPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/compliance',
      component: lazyRouteComponent(() => import('./pages/CompliancePage'), 'CompliancePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/plans',
      component: lazyRouteComponent(() => import('./pages/PlansPage'), 'PlansPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/complexity',
      component: lazyRouteComponent(() => import('./pages/ComplexityPage'), 'ComplexityPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/documents',
      component: lazyRouteComponent(() => import('./pages/DocumentsPage'), 'DocumentsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/documents/$documentId',
      component: lazyRouteComponent(() => import('./pages/DocumentPage'), 'DocumentPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/comments',
      component: lazyRouteComponent(() => import('./pages/CommentsPage'), 'CommentsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/versions',
      component: lazyRouteComponent(() => import('./pages/VersionsPage'), 'VersionsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/test',
      component: lazyRouteComponent(() => import('./pages/TestPage'), 'TestPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/revisions',
      component: lazyRouteComponent(() => import('./pages/RevisionsPage'), 'RevisionsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/lifecycle',
      component: lazyRouteComponent(() => import('./pages/LifecyclePage'), 'LifecyclePage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/subscribers',
      component: lazyRouteComponent(() => import('./pages/SubscribersPage'), 'SubscribersPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/changes',
      component: lazyRouteComponent(() => import('./pages/ChangesPage'), 'ChangesPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/alerts',
      component: lazyRouteComponent(() => import('./pages/AlertsPage'), 'AlertsPage'),
    }),
    createRoute({
      getParentRoute: () => api,
      path: '/statistics',
      component: lazyRouteComponent(() => import('./pages/StatisticsPage'), 'StatisticsPage'),
    }),
  ]),
]);

export const newRouter = () =>
  createRouter({
    ...address,
    routeTree: tree,
    basepath: '/publisher',
    defaultErrorComponent: ({ error }) => <PageProblem thrown={error} />,
  });
