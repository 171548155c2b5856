import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { address } from '../kit/address';
import { NotFound } from '../kit/not-found';
import { PageProblem } from '../kit/page-message';
import { Frame } from './Frame';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

/** The map of Admin. */
const tree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/DashboardPage'), 'DashboardPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/approvals',
    component: lazyRouteComponent(() => import('./pages/ApprovalsPage'), 'ApprovalsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/policies',
    component: lazyRouteComponent(() => import('./pages/PoliciesPage'), 'PoliciesPage'),
  }),
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
    path: '/gateway-policies',
    component: lazyRouteComponent(() => import('./pages/GatewayPoliciesPage'), 'GatewayPoliciesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateway-policies/new',
    component: lazyRouteComponent(() => import('./pages/GatewayPolicyPage'), 'GatewayPolicyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/gateway-policies/$mappingId',
    component: lazyRouteComponent(() => import('./pages/GatewayPolicyPage'), 'GatewayPolicyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/governance',
    component: lazyRouteComponent(() => import('./pages/GovernancePage'), 'GovernancePage'),
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
    path: '/permissions',
    component: lazyRouteComponent(() => import('./pages/RightsPage'), 'RightsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/organizations',
    component: lazyRouteComponent(() => import('./pages/OrganizationsPage'), 'OrganizationsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/SignInPage'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/apis',
    component: lazyRouteComponent(() => import('./pages/ApisPage'), 'ApisPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/applications',
    component: lazyRouteComponent(() => import('./pages/ApplicationsPage'), 'ApplicationsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./pages/ApiKeysPage'), 'ApiKeysPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/categories',
    component: lazyRouteComponent(() => import('./pages/FilingPage'), 'FilingPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit-log',
    component: lazyRouteComponent(() => import('./pages/AuditPage'), 'AuditPage'),
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
    path: '/environments/$environmentId',
    component: lazyRouteComponent(() => import('./pages/EnvironmentPage'), 'EnvironmentPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./pages/AlertsPage'), 'AlertsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./pages/WebhooksPage'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/theme',
    component: lazyRouteComponent(() => import('./pages/ThemePage'), 'ThemePage'),
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
    defaultErrorComponent: ({ error }) => <PageProblem thrown={error} />,
  });
