import { Alert, Anchor } from '@mantine/core';
import { asProblem } from '../../kit/problem';
import { ProblemView } from '../../kit/problem-view';
import { signInAddress } from '../../kit/session';
import { words } from '../people-words';

/** Why a change was refused; where only a fresh sign-in is lacking, the way to one. */
export function Refused({ thrown }: { thrown: unknown }) {
  if (asProblem(thrown).status !== 403) return <ProblemView thrown={thrown} />;
  return (
    <Alert role="alert" color="ochre" variant="light" radius="md" mb="md" title={words.notFresh}>
      {words.notFreshHelp} <Anchor href={signInAddress()}>{words.signInAgain}</Anchor>
    </Alert>
  );
}
