import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Step } from './progress';
import classes from './stepper.module.css';

/** The way of an API in four steps; each leads to the page where it is done. */
export function Stepper({ label, steps }: { label: string; steps: Step[] }) {
  const current = steps.findIndex((step) => !step.isDone);
  return (
    <ol className={classes.steps} aria-label={label}>
      {steps.map((step, index) => (
        <li key={step.name} className={classes.step} data-done={step.isDone} aria-current={index === current ? 'step' : undefined}>
          <span className={classes.mark} aria-hidden="true">
            {step.isDone ? <IconCheck size={16} stroke={3} /> : index + 1}
          </span>
          <div>
            <Link className={classes.name} to={step.to}>
              {step.name}
            </Link>
            <div className={classes.note}>{step.note}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}
