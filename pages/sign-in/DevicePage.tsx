import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ProblemView } from '../kit/problem-view';
import { sessionOptions, signInAddress } from '../kit/session';
import { answerDevice, grouped, lookUp, type Waiting } from './device';
import { Gate } from './gate';
import classes from './gate.module.css';
import { RequestCard } from './request-card';
import { words } from './words';

export function DevicePage() {
  const session = useQuery(sessionOptions);
  const isStranger = session.data?.signedIn === false;
  const [outcome, setOutcome] = useState<'approve' | 'deny'>();
  const found = useMutation({ mutationFn: lookUp });
  useEffect(() => {
    if (isStranger) location.replace(signInAddress());
  }, [isStranger]);
  if (session.isError) {
    return (
      <Gate title={words.device}>
        <ProblemView thrown={session.error} onRetry={() => session.refetch()} />
      </Gate>
    );
  }
  if (!session.data || isStranger) return <Gate title={words.device} />;
  if (outcome) return <Gate title={words.deviceDone[outcome]} lead={words.deviceDoneHelp[outcome]} />;
  if (found.data) return <Confirm waiting={found.data} onDone={setOutcome} onBack={found.reset} />;
  return (
    <Gate title={words.device} lead={words.deviceLead}>
      <CodeForm thrown={found.error} isBusy={found.isPending} onCode={found.mutate} />
    </Gate>
  );
}

function CodeForm({ thrown, isBusy, onCode }: { thrown: unknown; isBusy: boolean; onCode: (code: string) => void }) {
  const [code, setCode] = useState(() => grouped(new URLSearchParams(location.search).get('user_code') ?? ''));
  const [isShort, setIsShort] = useState(false);
  return (
    <form
      className={classes.fields}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsShort(code.length < 9);
        if (code.length === 9) onCode(code);
      }}
    >
      {thrown ? <ProblemView thrown={thrown} /> : null}
      <TextInput
        label={words.code}
        description={words.codeHelp}
        classNames={{ input: classes.code }}
        placeholder="BCDF-GHJK"
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        autoFocus
        size="lg"
        value={code}
        error={isShort ? words.codeShort : null}
        onChange={(event) => setCode(grouped(event.currentTarget.value))}
      />
      <Button type="submit" size="md" loading={isBusy}>
        {words.next}
      </Button>
    </form>
  );
}

interface ConfirmProps {
  waiting: Waiting;
  onDone: (outcome: 'approve' | 'deny') => void;
  onBack: () => void;
}

function Confirm({ waiting, onDone, onBack }: ConfirmProps) {
  const answered = useMutation({
    mutationFn: (decision: 'approve' | 'deny') => answerDevice(waiting.userCode, decision),
    onSuccess: (_, decision) => onDone(decision),
  });
  return (
    <Gate title={words.connect(waiting.client.name)} lead={words.allowLead(waiting.user.displayName ?? waiting.user.username)}>
      <p className={classes.compare}>
        {words.compare} <strong className={classes.bigCode}>{waiting.userCode}</strong>
      </p>
      <RequestCard client={waiting.client} scopes={waiting.scopes} />
      {answered.isError ? <ProblemView thrown={answered.error} onRetry={onBack} /> : null}
      <div className={classes.choices}>
        <Button size="md" loading={answered.isPending && answered.variables === 'approve'} onClick={() => answered.mutate('approve')}>
          {words.connectIt}
        </Button>
        <Button size="md" variant="default" disabled={answered.isPending} onClick={() => answered.mutate('deny')}>
          {words.deny}
        </Button>
      </div>
      <p className={classes.note}>{words.deviceWarning}</p>
    </Gate>
  );
}
