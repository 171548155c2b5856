import { useAddress } from './use-address';

/** What the address of every list holds. */
export interface Listed {
  query?: string;
  /** How many rows come before the first that is shown. */
  offset?: number;
}

/** The part of a list that its page shows, as the server is asked for it. */
export function useTurn(limit = ROWS): { query: string | undefined; limit: number; offset: number } {
  const [{ query, offset = 0 }] = useAddress<Listed>();
  return { query: query || undefined, limit, offset };
}

/** How many rows of a list are shown at once, where its page says nothing else. */
export const ROWS = 25;
