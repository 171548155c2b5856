import { lazy, Suspense, useEffect, useState } from 'react';
import { type Conflict, settleConflictsBy } from './request';

const MergeDialog = lazy(() => import('./merge-dialog'));

/** Where conflicts of any page are settled; loaded when there is one. */
export function MergeView() {
  const [open, setOpen] = useState<{ conflict: Conflict; settle: (merged: unknown) => void }>();
  useEffect(() => {
    settleConflictsBy((conflict) => new Promise((settle) => setOpen({ conflict, settle })));
    return () => settleConflictsBy(undefined);
  }, []);
  if (!open) return null;
  function settle(merged: unknown) {
    open?.settle(merged);
    setOpen(undefined);
  }
  return (
    <Suspense>
      <MergeDialog conflict={open.conflict} onSettled={settle} />
    </Suspense>
  );
}
