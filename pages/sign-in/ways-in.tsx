import { Alert, Anchor, Button } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ProblemView } from '../kit/problem-view';
import classes from './gate.module.css';
import { afterSignIn } from './interaction';
import { answerByPasskey, hasPasskeys } from './passkey';
import { leaveTo, passkeySignInOptions, signInByPasskey, waysOptions } from './people';
import { words } from './people-words';

/** The ways in besides a password, and what to do without one. */
export function WaysIn() {
  const ways = useQuery(waysOptions).data;
  const byPasskey = useMutation({
    mutationFn: async () => signInByPasskey(await answerByPasskey(await passkeySignInOptions())),
    onSuccess: () => location.replace(afterSignIn()),
  });
  const left = useMutation({ mutationFn: (name: string) => leaveTo(name, afterSignIn()) });
  return (
    <div className={classes.fields}>
      <p className={classes.or}>{words.orElse}</p>
      {byPasskey.isError ? <ProblemView thrown={byPasskey.error} /> : null}
      {left.isError ? <ProblemView thrown={left.error} /> : null}
      {hasPasskeys ? (
        <Button
          variant="default"
          size="md"
          leftSection={<IconFingerprint size={20} />}
          loading={byPasskey.isPending || byPasskey.isSuccess}
          onClick={() => byPasskey.mutate()}
        >
          {words.byPasskey}
        </Button>
      ) : null}
      {ways?.list.map(({ name, displayName }) => (
        <Button
          key={name}
          variant="default"
          size="md"
          loading={(left.isPending || left.isSuccess) && left.variables === name}
          onClick={() => left.mutate(name)}
        >
          {words.byProvider(displayName)}
        </Button>
      ))}
      {ways ? (
        <p className={classes.links}>
          {ways.recovery ? (
            <Anchor href="/recovery/" size="sm">
              {words.forgot}
            </Anchor>
          ) : null}
          {ways.selfRegistration === 'off' ? null : (
            <Anchor href="/sign-up/" size="sm">
              {words.register}
            </Anchor>
          )}
        </p>
      ) : null}
    </div>
  );
}

/** Why another provider did not lead in. */
export function RefusedThere() {
  const why = words.refusals[new URLSearchParams(location.search).get('refused') ?? ''];
  if (!why) return null;
  return (
    <Alert role="alert" color="red" radius="md" title={words.refusedThere}>
      {why}
    </Alert>
  );
}
