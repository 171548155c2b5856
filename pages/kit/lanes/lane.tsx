import { ActionIcon, Button, Text } from '@mantine/core';
import { type Icon, IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { type DragEvent, type MouseEvent, useState } from 'react';
import type { OperationPolicy } from '../../client/publisher/types.gen';
import { Panel } from '../page-parts';
import { words as kit } from '../words';
import type { Flow } from './lanes';
import classes from './lanes.module.css';
import { words } from './words';

interface LaneProps {
  flow: Flow;
  steps: OperationPolicy[];
  nameOf: (step: OperationPolicy) => string;
  onAdd: () => void;
  onEdit: (at: number) => void;
  onMove: (from: number, to: number) => void;
  onRemove: (at: number) => void;
}

/** One flow. Whoever drags a step may as well press its arrows. */
export function Lane({ flow, steps, onAdd, onMove, ...more }: LaneProps) {
  const [dragged, drag] = useState<number>();
  const name = words.flows[flow];
  function drop(event: DragEvent, to: number) {
    event.preventDefault();
    if (dragged !== undefined) onMove(dragged, to);
    drag(undefined);
  }
  return (
    <Panel
      title={name}
      help={words.flowHelp[flow]}
      actions={
        <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} aria-label={words.addTo(name)} onClick={onAdd}>
          {words.add}
        </Button>
      }
    >
      {steps.length === 0 ? <Text c="dimmed">{words.none}</Text> : null}
      {steps.length > 0 ? (
        <ol className={classes.steps} aria-label={words.stepsOf(name)}>
          {steps.map((step, at) => (
            <li
              key={numberOf(step)}
              className={classes.step}
              draggable
              data-dragged={dragged === at || undefined}
              onDragStart={() => drag(at)}
              onDragEnd={() => drag(undefined)}
              onDragOver={(event) => dragged !== undefined && event.preventDefault()}
              onDrop={(event) => drop(event, at)}
            >
              <Step step={step} at={at} count={steps.length} onMove={onMove} {...more} />
            </li>
          ))}
        </ol>
      ) : null}
    </Panel>
  );
}

type StepProps = Pick<LaneProps, 'nameOf' | 'onEdit' | 'onMove' | 'onRemove'> & { step: OperationPolicy; at: number; count: number };

function Step({ step, at, count, nameOf, onEdit, onMove, onRemove }: StepProps) {
  const name = nameOf(step);
  function move(event: MouseEvent<HTMLButtonElement>, to: number) {
    const button = event.currentTarget;
    onMove(at, to);
    // The row has gone elsewhere; the focus goes along, to the other arrow where this one leads nowhere now.
    requestAnimationFrame(() => {
      const other = button.parentElement?.querySelector<HTMLButtonElement>('button:not([disabled])');
      (button.disabled ? other : button)?.focus();
    });
  }
  return (
    <>
      <span className={classes.place} aria-hidden="true">
        {at + 1}
      </span>
      <div className={classes.said}>
        <strong>{name}</strong>
        {Object.entries(step.parameters ?? {}).map(([parameter, value]) => (
          <span key={parameter} className={classes.parameter}>
            {parameter}: <code>{shortened(String(value))}</code>
          </span>
        ))}
        {step.condition ? (
          <span className={classes.parameter}>
            {words.onlyIf} <code>{shortened(step.condition)}</code>
          </span>
        ) : null}
      </div>
      <div className={classes.actions}>
        {count > 1 ? (
          <>
            <Arrow label={words.up(name)} icon={IconArrowUp} disabled={at === 0} onPress={(event) => move(event, at - 1)} />
            <Arrow label={words.down(name)} icon={IconArrowDown} disabled={at === count - 1} onPress={(event) => move(event, at + 1)} />
          </>
        ) : null}
        <Button size="xs" variant="default" aria-label={words.editOf(name)} onClick={() => onEdit(at)}>
          {kit.edit}
        </Button>
        <Button size="xs" variant="subtle" color="red" aria-label={words.removeOf(name)} onClick={() => onRemove(at)}>
          {words.remove}
        </Button>
      </div>
    </>
  );
}

interface ArrowProps {
  label: string;
  icon: Icon;
  disabled: boolean;
  onPress: (event: MouseEvent<HTMLButtonElement>) => void;
}

function Arrow({ label, icon: Sign, disabled, onPress }: ArrowProps) {
  return (
    <ActionIcon className={classes.arrow} variant="subtle" color="gray" size="lg" disabled={disabled} aria-label={label} onClick={onPress}>
      <Sign size={17} />
    </ActionIcon>
  );
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}

/** Steps have no names of their own, and two may say the same: each object is numbered as it is first seen. */
function numberOf(step: OperationPolicy): number {
  const known = numbers.get(step);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(step, last);
  return last;
}

const numbers = new WeakMap<OperationPolicy, number>();
let last = 0;
const MOST_SHOWN = 80;
