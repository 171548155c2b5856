import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Problem } from '../../kit/problem';
import { words } from '../words';
import { answerOf, authorizationRequest, type Client, codeOf, MixedUp, type PersonToken, redeem, serverOf } from './sign-in';

interface Wish {
  client: Client;
  scopes: string[];
}

/** Signs a person in, in a window of its own. The token goes to `onToken` and is nowhere else. */
export function useSignIn(onToken: (token: PersonToken) => void) {
  const stop = useRef<AbortController>(null);
  // Who leaves the page has nothing left to come back to.
  useEffect(() => () => stop.current?.abort(), []);
  const signIn = useMutation({
    mutationFn: async ({ client, scopes }: Wish) => {
      // Before anything is awaited: later no browser would let it open.
      const popup = window.open('about:blank', '_blank', 'popup,width=520,height=720');
      if (!popup) throw new Problem({ status: 0, title: words.signIn.blocked });
      stop.current = new AbortController();
      try {
        return await tokenBy(popup, { client, scopes }, stop.current.signal);
      } catch (thrown) {
        popup.close();
        if (stop.current.signal.aborted) return undefined;
        throw thrown instanceof MixedUp ? new Problem({ status: 0, title: words.signIn.mixedUp }) : thrown;
      }
    },
    onSuccess: (token) => token && onToken(token),
  });
  return { signIn, cancel: () => stop.current?.abort() };
}

async function tokenBy(popup: Window, { client, scopes }: Wish, signal: AbortSignal): Promise<PersonToken> {
  const server = await serverOf();
  const attempt = await authorizationRequest(server, client, scopes);
  const answered = answerOf(attempt, signal);
  popup.location.href = attempt.address;
  return redeem(server, client, codeOf(await answered, attempt, server), attempt);
}
