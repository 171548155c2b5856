import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ProblemView } from '../kit/problem-view';
import { Gate } from './gate';
import classes from './gate.module.css';
import { confirmAddress, signUp, waysOptions } from './people';
import { words } from './people-words';
import { useFragment } from './use-fragment';

/** Registers, or, come by the link of the mail, confirms the address. */
export function SignUpPage() {
  const token = useFragment('token');
  const ways = useQuery(waysOptions);
  if (token) return <Confirm key={token} token={token} />;
  if (ways.isError) {
    return (
      <Gate title={words.signUp}>
        <ProblemView thrown={ways.error} onRetry={() => ways.refetch()} />
      </Gate>
    );
  }
  if (!ways.data) return <Gate title={words.signUp} />;
  if (ways.data.selfRegistration === 'off') return <Gate title={words.closed} lead={words.closedLead} />;
  return <Register />;
}

function Register() {
  const form = useForm({
    initialValues: { username: '', email: '', displayName: '', password: '' },
    validate: {
      username: (value) => (value.trim() === '' ? words.needed('username') : null),
      email: (value) => (value.trim() === '' ? words.needed('e-mail address') : null),
      password: (value) => (value === '' ? words.needed('password') : null),
    },
    onSubmitPreventDefault: 'always',
  });
  const registered = useMutation({
    mutationFn: ({ username, email, displayName, password }: typeof form.values) =>
      signUp({
        username: username.trim(),
        email: email.trim(),
        password,
        ...(displayName.trim() ? { displayName: displayName.trim() } : {}),
      }),
  });
  if (registered.data) {
    const byMail = registered.data.confirmation;
    return <Gate title={byMail ? words.confirmMail : words.waits} lead={byMail ? words.confirmMailLead : words.waitsLead} />;
  }
  return (
    <Gate title={words.signUp} lead={words.signUpLead}>
      <form className={classes.fields} noValidate onSubmit={form.onSubmit((values) => registered.mutate(values))}>
        {registered.isError ? <ProblemView thrown={registered.error} /> : null}
        <TextInput
          label={words.username}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          size="md"
          {...form.getInputProps('username')}
        />
        <TextInput
          label={words.email}
          description={words.emailHelp}
          type="email"
          autoComplete="email"
          size="md"
          {...form.getInputProps('email')}
        />
        <TextInput label={words.displayName} autoComplete="name" size="md" {...form.getInputProps('displayName')} />
        <PasswordInput
          label={words.password}
          description={words.nextHelp}
          autoComplete="new-password"
          size="md"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={registered.isPending}>
          {words.create}
        </Button>
      </form>
    </Gate>
  );
}

/** A click of one's own: whoever only looks at links, as mail programs do, confirms nothing. */
function Confirm({ token }: { token: string }) {
  const confirmed = useMutation({ mutationFn: () => confirmAddress(token) });
  if (confirmed.data?.status === 'PENDING') return <Gate title={words.waits} lead={words.waitsLead} />;
  if (confirmed.data) {
    return (
      <Gate title={words.welcome} lead={words.welcomeLead}>
        <Anchor href="/sign-in/?return_to=/devportal/">{words.signIn}</Anchor>
      </Gate>
    );
  }
  return (
    <Gate title={words.confirmIt} lead={words.confirmItLead}>
      {confirmed.isError ? <ProblemView thrown={confirmed.error} /> : null}
      <Button size="md" loading={confirmed.isPending} onClick={() => confirmed.mutate()}>
        {words.goOn}
      </Button>
    </Gate>
  );
}
