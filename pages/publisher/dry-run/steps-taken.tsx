import { Text } from '@mantine/core';
import { Badge } from '../../kit/badges';
import { words as lanes } from '../../kit/lanes/words';
import { words } from '../words';
import { changeOf, type Message, type Step } from './sample';
import classes from './steps-taken.module.css';

const w = words.dryRun;

/** What each step came to, and what it has changed. */
export function StepsTaken({ steps, nameOf }: { steps: Step[]; nameOf: (policyName: string) => string }) {
  if (steps.length === 0) return <Text c="dimmed">{w.nothing}</Text>;
  return (
    <ol className={classes.steps} aria-label={w.taken}>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer is shown as a whole, and never changes.
        <li key={at} className={classes.step}>
          <div className={classes.head}>
            <strong>{nameOf(step.policyName)}</strong>
            <span className={classes.flow}>{lanes.flows[step.flow]}</span>
            <Badge label={w.outcomes[step.cameTo]} tone={TONES[step.cameTo]} />
          </div>
          {step.detail ? <code className={classes.line}>{step.detail}</code> : null}
          <Change before={beforeOf(steps, at)} after={step.message} />
        </li>
      ))}
    </ol>
  );
}

function Change({ before, after }: { before?: Message; after: Message }) {
  const { come, gone } = changeOf(before, after);
  if (come.length + gone.length === 0) return null;
  return (
    <div className={classes.change}>
      {gone.map((line) => (
        <del key={line} className={classes.line}>
          {line}
        </del>
      ))}
      {come.map((line) => (
        <ins key={line} className={classes.line}>
          {line}
        </ins>
      ))}
    </div>
  );
}

/** The message before a step; the first of a flow shows it as a whole. */
function beforeOf(steps: Step[], at: number): Message | undefined {
  const previous = steps[at - 1];
  return previous?.flow === steps[at]?.flow ? previous?.message : undefined;
}

const TONES = {
  DONE: 'good',
  SKIPPED: 'calm',
  REFUSED: 'bad',
  ANSWERED: 'cool',
  ASKS: 'cool',
  LED: 'cool',
  NOTED: 'cool',
  FAILED: 'bad',
} as const;
