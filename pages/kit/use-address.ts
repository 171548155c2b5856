import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** State of a page that its address holds, so that it can be shared and gone back to. */
export function useAddress<State extends object>(): [State, (change: Partial<State>) => void] {
  const state = useSearch({ strict: false }) as State;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<State>) => {
      navigate({ to: '.', search: ((old: object) => withoutEmpty({ ...old, ...part })) as never, replace: true });
    },
    [navigate],
  );
  return [state, change];
}

function withoutEmpty(state: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== '' && value !== undefined && value !== 0));
}
