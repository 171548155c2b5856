import { Outlet } from '@tanstack/react-router';
import { Shell } from '../kit/shell';
import { SignInGuard } from '../kit/sign-in-guard';
import { paths } from './paths';
import { words } from './words';

export function Frame() {
  const links = [
    { to: paths.policies(), label: words.nav.policies },
    { to: paths.users(), label: words.nav.users },
    { to: paths.environments(), label: words.nav.environments },
    { to: paths.keys(), label: words.nav.keys },
  ];
  return (
    <Shell portal="admin" links={links}>
      <SignInGuard portal="admin">
        <Outlet />
      </SignInGuard>
    </Shell>
  );
}
