import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemView } from '../kit/problem-view';
import { Gate } from './gate';
import classes from './gate.module.css';
import { askForLink, choosePassword } from './people';
import { words } from './people-words';
import { useFragment } from './use-fragment';

/** Asks for a link, or, come by one, for the new password. */
export function RecoveryPage() {
  const token = useFragment('token');
  return token ? <Choose key={token} token={token} /> : <Ask />;
}

function Ask() {
  const [account, setAccount] = useState('');
  const asked = useMutation({ mutationFn: () => askForLink(account.trim()) });
  if (asked.isSuccess) return <Gate title={words.sent} lead={words.sentLead} />;
  return (
    <Gate title={words.recovery} lead={words.recoveryLead}>
      <form className={classes.fields} noValidate onSubmit={submitting(account, asked.mutate)}>
        {asked.isError ? <ProblemView thrown={asked.error} /> : null}
        <TextInput
          label={words.accountName}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          size="md"
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={asked.isPending}>
          {words.sendLink}
        </Button>
      </form>
    </Gate>
  );
}

function Choose({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const chosen = useMutation({ mutationFn: () => choosePassword(token, password) });
  if (chosen.isSuccess) {
    return (
      <Gate title={words.chosen} lead={words.chosenLead}>
        <Anchor href="/sign-in/">{words.signIn}</Anchor>
      </Gate>
    );
  }
  return (
    <Gate title={words.choose} lead={words.chooseLead}>
      <form className={classes.fields} noValidate onSubmit={submitting(password, chosen.mutate)}>
        {chosen.isError ? <ProblemView thrown={chosen.error} /> : null}
        <PasswordInput
          label={words.next}
          description={words.nextHelp}
          autoComplete="new-password"
          autoFocus
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={chosen.isPending}>
          {words.save}
        </Button>
      </form>
    </Gate>
  );
}

function submitting(value: string, go: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    if (value.trim() !== '') go();
  };
}
