import { Outlet } from '@tanstack/react-router';
import { getAllApis } from '../client/publisher/sdk.gen';
import type { Goal } from '../kit/palette-view';
import { Shell } from '../kit/shell';
import { SignInGuard } from '../kit/sign-in-guard';
import { words as kit } from '../kit/words';
import { paths } from './paths';
import { words } from './words';

/** APIs by their names, each with the pages that one goes to most. */
async function findApis(query: string): Promise<Goal[]> {
  const found = await getAllApis({ query: { query, limit: 6 } });
  return found.data.list.flatMap(({ id = '', displayName, name = '', version }) => [
    { label: displayName || name, hint: version, to: paths.api(id) },
    { label: displayName || name, hint: words.api.statistics, to: paths.statistics(id) },
  ]);
}

export function Frame() {
  return (
    <Shell
      portal="publisher"
      links={[
        { to: paths.home(), label: words.nav.home },
        { to: paths.apis(), label: words.nav.apis },
        { to: paths.products(), label: words.products.title },
        { to: paths.services(), label: words.services.title },
        { to: paths.sharedPolicies(), label: words.sharedPolicies.title },
        { to: paths.allStatistics(), label: kit.statistics },
      ]}
      pages={[
        { to: paths.importApi(), label: words.apis.import },
        { to: paths.scopes(), label: words.scopes.title },
        { to: paths.allAlerts(), label: kit.alerts },
      ]}
      find={findApis}
    >
      <SignInGuard portal="publisher">
        <Outlet />
      </SignInGuard>
    </Shell>
  );
}
