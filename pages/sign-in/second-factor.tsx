import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemView } from '../kit/problem-view';
import type { Question } from '../kit/session';
import classes from './gate.module.css';
import { afterSignIn } from './interaction';
import { answerByPasskey, hasPasskeys } from './passkey';
import { showCode, showPasskey } from './people';
import { words } from './people-words';

/** The second step of a sign-in: one way is shown, the others are a click away. */
export function SecondFactor({ question, onBack }: { question: Question; onBack: () => void }) {
  const kinds = question.kinds.filter((kind) => kind !== 'passkey' || hasPasskeys);
  const [kind, setKind] = useState(kinds[0]);
  const others = kinds.filter((other) => other !== kind);
  return (
    <div className={classes.fields}>
      {kind === 'passkey' ? (
        <PasskeyStep question={question} />
      ) : (
        <CodeStep key={kind} kind={kind === 'recovery-code' ? 'recovery-code' : 'totp'} challenge={question.challenge} />
      )}
      {others.length > 0 ? <p className={classes.or}>{words.another}</p> : null}
      {others.map((other) => (
        <Button key={other} variant="default" onClick={() => setKind(other)}>
          {words.kinds[other] ?? other}
        </Button>
      ))}
      <Button variant="subtle" onClick={onBack}>
        {words.startAgain}
      </Button>
    </div>
  );
}

function CodeStep({ kind, challenge }: { kind: 'totp' | 'recovery-code'; challenge: string }) {
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const shown = useMutation({ mutationFn: () => showCode(kind, challenge, code), onSuccess: enter });
  const isApp = kind === 'totp';
  return (
    <form
      className={classes.fields}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsEmpty(code.trim() === '');
        if (code.trim() !== '') shown.mutate();
      }}
    >
      {shown.isError ? <ProblemView thrown={shown.error} /> : null}
      <TextInput
        label={isApp ? words.appCode : words.recoveryCode}
        description={isApp ? words.appCodeHelp : words.recoveryCodeHelp}
        classNames={{ input: classes.code }}
        inputMode={isApp ? 'numeric' : 'text'}
        autoComplete={isApp ? 'one-time-code' : 'off'}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        size="lg"
        value={code}
        error={isEmpty ? words.codeNeeded : null}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={shown.isPending || shown.isSuccess}>
        {words.goOn}
      </Button>
    </form>
  );
}

function PasskeyStep({ question }: { question: Question }) {
  const shown = useMutation({
    mutationFn: async () => {
      if (question.passkey) await showPasskey(await answerByPasskey(question.passkey));
    },
    onSuccess: enter,
  });
  return (
    <>
      {shown.isError ? <ProblemView thrown={shown.error} /> : null}
      <Button size="md" loading={shown.isPending || shown.isSuccess} onClick={() => shown.mutate()}>
        {words.usePasskey}
      </Button>
    </>
  );
}

function enter() {
  location.replace(afterSignIn());
}
