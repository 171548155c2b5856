import { useSyncExternalStore } from 'react';

/**
 * What stands behind `#` in the address under a name: links of mails have their token there, where no server sees it.
 * A link that is followed from the very page it leads to changes nothing else, and loads nothing.
 */
export function useFragment(name: string): string | null {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.hash.slice(1)).get(name));
}

function subscribe(changed: () => void) {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
