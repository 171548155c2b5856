import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { OperationPolicy, OperationPolicyData } from '../../client/publisher/types.gen';
import { Panels } from '../page-parts';
import { Lane } from './lane';
import { FLOWS, type Flow, keyOf, keyOfStep, type Lanes, labelOf, moved } from './lanes';
import { StepForm } from './step-form';
import { words } from './words';

interface LanesViewProps {
  lanes: Lanes;
  /** What may be added, in the order of the list. */
  policies: OperationPolicyData[];
  onChange: (lanes: Lanes) => void;
}

type Asked = { flow: Flow; at?: number };

/** The three flows of a call, each a list of steps that are added, changed, moved and taken away. */
export function LanesView({ lanes, policies, onChange }: LanesViewProps) {
  const [asked, ask] = useState<Asked>();
  const [said, say] = useState('');
  const nameOf = (step: OperationPolicy) => {
    const policy = policies.find((one) => keyOf(one) === keyOfStep(step));
    return policy ? labelOf(policy) : step.policyName;
  };
  function move(flow: Flow, from: number, to: number) {
    const steps = moved(lanes[flow], from, to);
    const step = steps[to];
    if (steps === lanes[flow] || !step) return;
    onChange({ ...lanes, [flow]: steps });
    say(words.movedTo(nameOf(step), to + 1, steps.length));
  }
  function remove(flow: Flow, at: number) {
    const step = lanes[flow][at];
    if (!step) return;
    onChange({ ...lanes, [flow]: lanes[flow].filter((_, place) => place !== at) });
    say(words.removed(nameOf(step)));
  }
  function put({ flow, at }: Asked, step: OperationPolicy) {
    const steps = lanes[flow];
    onChange({ ...lanes, [flow]: at === undefined ? [...steps, step] : steps.map((old, place) => (place === at ? step : old)) });
    ask(undefined);
  }
  return (
    <>
      <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
      <Panels>
        {FLOWS.map((flow) => (
          <Lane
            key={flow}
            flow={flow}
            steps={lanes[flow]}
            nameOf={nameOf}
            onAdd={() => ask({ flow })}
            onEdit={(at) => ask({ flow, at })}
            onMove={(from, to) => move(flow, from, to)}
            onRemove={(at) => remove(flow, at)}
          />
        ))}
      </Panels>
      {asked ? (
        <StepForm
          flow={asked.flow}
          policies={policies}
          step={asked.at === undefined ? undefined : lanes[asked.flow][asked.at]}
          onDone={(step) => put(asked, step)}
          onClose={() => ask(undefined)}
        />
      ) : null}
    </>
  );
}
