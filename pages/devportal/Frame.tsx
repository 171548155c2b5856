import { Outlet } from '@tanstack/react-router';
import { getApis } from '../client/devportal/sdk.gen';
import type { Goal } from '../kit/palette-view';
import { Shell } from '../kit/shell';
import { words as kit } from '../kit/words';
import { paths } from './paths';
import { words } from './words';

async function find(query: string): Promise<Goal[]> {
  const found = await getApis({ query: { query, limit: 6 } });
  return found.data.list.flatMap(({ id = '', displayName, name = '', version }) => [
    { label: displayName || name, hint: version, to: paths.api(id) },
    { label: displayName || name, hint: words.api.console, to: paths.console(id) },
  ]);
}

/** Open to everyone; only the pages of applications ask for an account. */
export function Frame() {
  const links = [
    { to: paths.catalogue(), label: words.nav.catalogue },
    { to: paths.applications(), label: words.nav.applications },
    { to: paths.statistics(), label: kit.statistics },
  ];
  return (
    <Shell portal="devportal" links={links} find={find}>
      <Outlet />
    </Shell>
  );
}
