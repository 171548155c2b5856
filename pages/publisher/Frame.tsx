import { Outlet } from '@tanstack/react-router';
import { Shell } from '../kit/shell';
import { SignInGuard } from '../kit/sign-in-guard';
import { paths } from './paths';
import { words } from './words';

export function Frame() {
  return (
    <Shell portal="publisher" links={[{ to: paths.apis(), label: words.nav.apis }]}>
      <SignInGuard portal="publisher">
        <Outlet />
      </SignInGuard>
    </Shell>
  );
}
