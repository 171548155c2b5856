import { Alert, Anchor, Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Mark } from '../kit/brand';
import { PageHeader, Panels } from '../kit/page-parts';
import { ProblemView } from '../kit/problem-view';
import { type Session, sessionOptions, signInAddress, signOut } from '../kit/session';
import { words as kit } from '../kit/words';
import classes from './account/account.module.css';
import { AppPanel } from './account/app-panel';
import { CodesPanel } from './account/codes-panel';
import { ConsentsPanel } from './account/consents-panel';
import { LinksPanel } from './account/links-panel';
import { PasskeysPanel } from './account/passkeys-panel';
import { PasswordPanel } from './account/password-panel';
import { SessionsPanel } from './account/sessions-panel';
import { factorsOptions } from './people';
import { words } from './people-words';

export function AccountPage() {
  const session = useQuery(sessionOptions);
  const isStranger = session.data?.signedIn === false;
  useEffect(() => {
    if (isStranger) location.replace(signInAddress());
  }, [isStranger]);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <a className={classes.home} href="/" aria-label={words.home}>
          <Mark /> <span data-word>{kit.product}</span>
        </a>
        {session.data?.signedIn ? <SignOut /> : null}
      </header>
      <main className={classes.main}>
        {session.isError ? <ProblemView thrown={session.error} onRetry={() => session.refetch()} /> : null}
        {session.data?.signedIn ? <Account session={session.data} /> : null}
      </main>
    </div>
  );
}

function Account({ session }: { session: Session }) {
  const factors = useQuery(factorsOptions);
  const withheld = factors.data?.withheldRoles ?? [];
  return (
    <>
      <PageHeader title={words.account} lead={words.accountLead(session.displayName ?? session.username ?? '')} />
      <Panels>
        {withheld.length > 0 ? (
          <Alert color="ochre" variant="light" radius="md" title={words.withheld(withheld.join(', '))}>
            {words.withheldHelp}
          </Alert>
        ) : null}
        <PasswordPanel />
        <AppPanel factors={factors} />
        <PasskeysPanel factors={factors} />
        <CodesPanel factors={factors} />
        <SessionsPanel />
        <LinksPanel />
        <ConsentsPanel />
      </Panels>
      <p>
        <Anchor href="/">{words.portals}</Anchor>
      </p>
    </>
  );
}

function SignOut() {
  const out = useMutation({ mutationFn: signOut, onSuccess: () => location.replace('/signed-out/') });
  return (
    <Button variant="default" size="xs" loading={out.isPending || out.isSuccess} onClick={() => out.mutate()}>
      {words.signOut}
    </Button>
  );
}
