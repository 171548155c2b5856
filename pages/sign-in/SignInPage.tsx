import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../kit/problem';
import { ProblemView } from '../kit/problem-view';
import { type Question, signIn } from '../kit/session';
import { ContinueAs } from './continue-as';
import { Gate } from './gate';
import classes from './gate.module.css';
import { afterSignIn, type Interaction, interactionId, interactionOptions } from './interaction';
import { askAgain } from './people';
import { words as people } from './people-words';
import { SecondFactor } from './second-factor';
import { useFragment } from './use-fragment';
import { RefusedThere, WaysIn } from './ways-in';
import { words } from './words';

export function SignInPage() {
  const id = interactionId();
  const interaction = useQuery({ ...interactionOptions(id ?? ''), enabled: id !== null });
  const [question, setQuestion] = useState<Question>();
  const challenge = useFragment('second-factor');
  const again = useQuery({ queryKey: ['question', challenge], queryFn: () => askAgain(challenge ?? ''), enabled: challenge !== null });
  const asked = question ?? again.data;
  if (asked) {
    return (
      <Gate title={people.second} lead={question ? people.secondLead : people.secondLeadThere}>
        <SecondFactor question={asked} onBack={startAgain} />
      </Gate>
    );
  }
  if (id && interaction.isPending) return <Gate title={words.title} />;
  if (interaction.isError) {
    return (
      <Gate title={words.over} lead={words.overHelp}>
        <ProblemView thrown={interaction.error} />
      </Gate>
    );
  }
  const wanted = interaction.data;
  return (
    <Gate title={wanted?.kind === 'step-up' ? words.stepUp : words.title} lead={leadOf(wanted)}>
      {id && wanted?.mayContinue && wanted.user ? <ContinueAs id={id} user={wanted.user} /> : null}
      <RefusedThere />
      {again.isError ? <ProblemView thrown={again.error} /> : null}
      <SignInForm username={nameOf(wanted)} isFirst={!wanted?.mayContinue} onQuestion={setQuestion} />
      <WaysIn />
      {wanted ? null : <p className={classes.note}>{words.firstTime}</p>}
    </Gate>
  );
}

interface SignInFormProps {
  username: string;
  isFirst: boolean;
  onQuestion: (question: Question) => void;
}

function SignInForm({ username, isFirst, onQuestion }: SignInFormProps) {
  const form = useForm({
    initialValues: { username, password: '' },
    validate: {
      username: (value) => (value.trim() === '' ? words.needed('username') : null),
      password: (value) => (value === '' ? words.needed('password') : null),
    },
    onSubmitPreventDefault: 'always',
  });
  const signed = useMutation({
    mutationFn: (values: typeof form.values) => signIn(values.username.trim(), values.password),
    onSuccess: ({ secondFactor }) => (secondFactor ? onQuestion(secondFactor) : location.replace(afterSignIn())),
  });
  return (
    <form className={classes.fields} noValidate onSubmit={form.onSubmit((values) => signed.mutate(values))}>
      {signed.isError ? <Refusal thrown={signed.error} /> : null}
      <TextInput
        label={words.username}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus={isFirst && username === ''}
        size="md"
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label={words.password}
        autoComplete="current-password"
        autoFocus={isFirst && username !== ''}
        size="md"
        {...form.getInputProps('password')}
      />
      <Button type="submit" size="md" loading={signed.isPending || signed.isSuccess}>
        {words.submit}
      </Button>
    </form>
  );
}

/** From the beginning, without what stands behind `#`. */
function startAgain() {
  location.replace(`${location.pathname}${location.search}`);
}

/** Who is expected to sign in. */
function nameOf(wanted: Interaction | undefined): string {
  const again = wanted?.kind === 'step-up' ? wanted.user?.username : undefined;
  return wanted?.loginHint ?? again ?? '';
}

function leadOf(wanted: Interaction | undefined) {
  if (!wanted) return words.lead;
  return wanted.kind === 'step-up' ? words.stepUpLead(wanted.client.name) : words.leadTo(wanted.client.name);
}

function Refusal({ thrown }: { thrown: unknown }) {
  if (asProblem(thrown).status !== 401) return <ProblemView thrown={thrown} />;
  return (
    <Alert role="alert" color="red" radius="md" title={words.refused}>
      {words.refusedHelp}
    </Alert>
  );
}
