import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ProblemView } from '../kit/problem-view';
import classes from './gate.module.css';
import { decide, type Person } from './interaction';
import { words } from './words';

/** Goes on as who is signed in; the form below is for everybody else. */
export function ContinueAs({ id, user }: { id: string; user: Person }) {
  const chosen = useMutation({ mutationFn: () => decide(id, 'continue') });
  return (
    <div className={classes.fields}>
      {chosen.isError ? <ProblemView thrown={chosen.error} /> : null}
      <Button size="md" variant="light" autoFocus loading={chosen.isPending || chosen.isSuccess} onClick={() => chosen.mutate()}>
        {words.continueAs(user.displayName ?? user.username)}
      </Button>
      <p className={classes.or}>{words.or}</p>
    </div>
  );
}
