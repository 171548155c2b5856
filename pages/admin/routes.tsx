import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { address } from '../kit/address';
import { NotFound } from '../kit/not-found';
import { ProblemView } from '../kit/problem-view';
import { Frame } from './Frame';
import { PoliciesPage } from './pages/PoliciesPage';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

/** The map of Admin. */
const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: PoliciesPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/custom-rules',
    component: lazyRouteComponent(() => import('./pages/CustomRulesPage'), 'CustomRulesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deny-policies',
    component: lazyRouteComponent(() => import('./pages/DenyPage'), 'DenyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/statistics',
    component: lazyRouteComponent(() => import('./pages/StatisticsPage'), 'StatisticsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/users',
    component: lazyRouteComponent(() => import('./pages/UsersPage'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/SignInPage'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/key-managers',
    component: lazyRouteComponent(() => import('./pages/KeyManagersPage'), 'KeyManagersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/client-registration',
    component: lazyRouteComponent(() => import('./pages/RegistrationPage'), 'RegistrationPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/environments',
    component: lazyRouteComponent(() => import('./pages/EnvironmentsPage'), 'EnvironmentsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/signing-keys',
    component: lazyRouteComponent(() => import('./pages/SigningKeysPage'), 'SigningKeysPage'),
  }),
]);

export const newRouter = () =>
  createRouter({
    ...address,
    routeTree: tree,
    basepath: '/admin',
    defaultErrorComponent: ({ error }) => <ProblemView thrown={error} />,
  });
