import { Anchor, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ProblemView } from '../kit/problem-view';
import { signOut } from '../kit/session';
import { Gate } from './gate';
import classes from './gate.module.css';
import { words } from './words';

/** Asks whether to sign out, where no client could prove that it may decide that; then says that it is done. */
export function SignedOutPage() {
  const query = new URLSearchParams(location.search);
  const out = useMutation({ mutationFn: signOut, onSuccess: () => location.replace(addressAfter(query)) });
  if (query.get('confirm') === null) {
    return (
      <Gate title={words.signedOut} lead={words.signedOutHelp}>
        <Anchor href="/sign-in/">{words.signInAgain}</Anchor>
      </Gate>
    );
  }
  return (
    <Gate title={words.signOutAsk} lead={words.signOutLead}>
      {out.isError ? <ProblemView thrown={out.error} /> : null}
      <div className={classes.choices}>
        <Button size="md" loading={out.isPending || out.isSuccess} onClick={() => out.mutate()}>
          {words.signOut}
        </Button>
        <Button size="md" variant="default" component="a" href="/">
          {words.stay}
        </Button>
      </div>
    </Gate>
  );
}

/** Back to the platform, which looks once more whether the client may have the person sent there. */
function addressAfter(query: URLSearchParams): string {
  if (query.get('post_logout_redirect_uri') === null) return '/signed-out/';
  query.delete('confirm');
  return `/oidc/logout?${query}`;
}
