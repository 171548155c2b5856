import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { EmptyState } from '../../kit/empty-state';
import { words as kit } from '../../kit/words';
import { type CallbackAnswer, tell } from '../console/sign-in';
import { words } from '../words';

const w = words.signIn;

/** Where a sign-in of the console comes back to: it hands the answer to the page that waits, and is done. */
export function SignedInPage() {
  const answer = useSearch({ strict: false }) as CallbackAnswer;
  const [hasFailed] = useState(answer.error !== undefined || !answer.code);
  useEffect(() => {
    document.title = `${w.title} · ${kit.product}`;
    if (!answer.state) return;
    tell(answer);
    // The code is spent; it need not stand in the history.
    history.replaceState(null, '', location.pathname);
    window.close();
  }, [answer]);
  return <EmptyState isPage title={hasFailed ? w.refused : w.done} help={w.closeWindow} />;
}
