import { useRouterState } from '@tanstack/react-router';
import { type RefObject, useEffect } from 'react';

/** Keeps the link of the open page in sight where a navigation scrolls. Only the row moves: the page stays where its reader is. */
export function useRowInSight(row: RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path makes another link the active one.
  useEffect(() => {
    // With the next frame, which lays the page out anyway.
    const frame = requestAnimationFrame(() => {
      const open = row.current?.querySelector('[data-status="active"]');
      if (!row.current || !open) return;
      const [around, own] = [row.current.getBoundingClientRect(), open.getBoundingClientRect()];
      row.current.scrollLeft += own.left - around.left - (around.width - own.width) / 2;
      row.current.scrollTop += Math.max(0, own.bottom - around.bottom);
    });
    return () => cancelAnimationFrame(frame);
  }, [path]);
}
