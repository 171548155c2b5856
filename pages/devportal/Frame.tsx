import { Outlet } from '@tanstack/react-router';
import { Shell } from '../kit/shell';
import { paths } from './paths';
import { words } from './words';

/** Open to everyone; only the pages of applications ask for an account. */
export function Frame() {
  const links = [
    { to: paths.catalogue(), label: words.nav.catalogue },
    { to: paths.applications(), label: words.nav.applications },
  ];
  return (
    <Shell portal="devportal" links={links}>
      <Outlet />
    </Shell>
  );
}
