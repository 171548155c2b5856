import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Mark } from '../kit/brand';
import { asProblem } from '../kit/problem';
import { ProblemView } from '../kit/problem-view';
import { ownPath, signIn } from '../kit/session';
import { words as kit } from '../kit/words';
import { GateScene } from './gate-scene';
import classes from './sign-in.module.css';
import { words } from './words';

export function SignInPage() {
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value.trim() === '' ? words.needed('username') : null),
      password: (value) => (value === '' ? words.needed('password') : null),
    },
    onSubmitPreventDefault: 'always',
  });
  const signed = useMutation({
    mutationFn: (values: typeof form.values) => signIn(values.username.trim(), values.password),
    onSuccess: () => location.replace(ownPath(new URLSearchParams(location.search).get('return_to'), '/')),
  });
  return (
    <div className={classes.page}>
      <div className={classes.scene}>
        <GateScene />
      </div>
      <main className={classes.side}>
        <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => signed.mutate(values))}>
          <a className={classes.home} href="/" aria-label={words.home}>
            <Mark size={30} /> {kit.product}
          </a>
          <h1>{words.title}</h1>
          <p className={classes.lead}>{words.lead}</p>
          {signed.isError ? <Refusal thrown={signed.error} /> : null}
          <TextInput
            label={words.username}
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            size="md"
            {...form.getInputProps('username')}
          />
          <PasswordInput label={words.password} autoComplete="current-password" size="md" {...form.getInputProps('password')} />
          <Button type="submit" size="md" loading={signed.isPending || signed.isSuccess}>
            {words.submit}
          </Button>
          <p className={classes.note}>{words.firstTime}</p>
        </form>
      </main>
    </div>
  );
}

function Refusal({ thrown }: { thrown: unknown }) {
  if (asProblem(thrown).status !== 401) return <ProblemView thrown={thrown} />;
  return (
    <Alert role="alert" color="red" radius="md" title={words.refused}>
      {words.refusedHelp}
    </Alert>
  );
}
