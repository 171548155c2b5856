/** How an address holds the state of a page: plain words, as a person would type them; `offset` alone is a number. */
export const address = {
  parseSearch(search: string): Record<string, string | number> {
    const state: Record<string, string | number> = Object.fromEntries(new URLSearchParams(search));
    const offset = Number(state.offset);
    if (Number.isSafeInteger(offset) && offset > 0) state.offset = offset;
    else delete state.offset;
    return state;
  },

  stringifySearch(state: Record<string, unknown>): string {
    const held = Object.entries(state).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(held.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  },
};
