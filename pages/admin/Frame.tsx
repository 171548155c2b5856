import { Outlet } from '@tanstack/react-router';
import { Shell } from '../kit/shell';
import { type NavGroup, SideNav } from '../kit/side-nav';
import { SignInGuard } from '../kit/sign-in-guard';
import { words as kit } from '../kit/words';
import { paths } from './paths';
import { words } from './words';

export function Frame() {
  return (
    <Shell portal="admin" pages={GROUPS.flatMap(({ name, links }) => links.map(({ to, label }) => ({ to, label, hint: name })))}>
      <SignInGuard portal="admin">
        <SideNav label={words.nav.label} groups={GROUPS}>
          <Outlet />
        </SideNav>
      </SignInGuard>
    </Shell>
  );
}

const GROUPS: NavGroup[] = [
  {
    name: words.nav.desk,
    links: [
      { to: paths.dashboard(), label: words.dashboard.title, exact: true },
      { to: paths.approvals(), label: words.approvals.title },
      { to: paths.audit(), label: words.audit.title },
    ],
  },
  {
    name: words.nav.traffic,
    links: [
      { to: paths.policies(), label: words.nav.policies },
      { to: paths.custom(), label: words.nav.custom },
      { to: paths.deny(), label: words.nav.deny },
      { to: paths.gatewayPolicies(), label: words.gatewayPolicies.title },
      { to: paths.statistics(), label: kit.statistics },
      { to: paths.alerts(), label: kit.alerts },
    ],
  },
  {
    name: words.nav.people,
    links: [
      { to: paths.users(), label: words.nav.users },
      { to: paths.rights(), label: words.rights.title },
      { to: paths.organizations(), label: words.organizations.title },
      { to: paths.signIn(), label: words.nav.signIn },
    ],
  },
  {
    name: words.nav.tokens,
    links: [
      { to: paths.keyManagers(), label: words.nav.keyManagers },
      { to: paths.registration(), label: words.nav.registration },
      { to: paths.keys(), label: words.nav.keys },
    ],
  },
  {
    name: words.nav.catalogue,
    links: [
      { to: paths.apis(), label: words.owned.apis },
      { to: paths.applications(), label: words.owned.applications },
      { to: paths.apiKeys(), label: words.owned.keys },
      { to: paths.governance(), label: words.governance.title },
      { to: paths.filing(), label: words.filing.title },
    ],
  },
  {
    name: words.nav.platform,
    links: [
      { to: paths.environments(), label: words.nav.environments },
      { to: paths.webhooks(), label: words.webhooks.title },
      { to: paths.theme(), label: words.theme.title },
    ],
  },
];
