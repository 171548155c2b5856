import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LifecycleState } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useSubjectPlace } from '../subject';
import { type Standing, transitionsOf } from '../transitions';
import { useRefresh } from '../use-api';
import { words } from '../words';
import { Checklist } from './checklist';
import classes from './lifecycle.module.css';

/** The state of an API or of a product, what stands before the next one, and the buttons that lead there. */
export function Transitions({ state, standing }: { state: LifecycleState; standing: Standing }) {
  const { id, calls } = useSubjectPlace();
  const refresh = useRefresh();
  const [isDeprecating, setIsDeprecating] = useState(false);
  const changed = useMutation({
    mutationFn: (event: string) => calls.change(id, event, event === 'Publish' && isDeprecating ? `${DEPRECATE_OLDER}:true` : undefined),
    onSuccess: async (answer) => {
      await refresh();
      done(words.lifecycle.changed(answer.data.lifecycleState?.state ?? ''));
    },
  });
  const transitions = transitionsOf(state, standing);
  const now = (state.state ?? '').toUpperCase();
  return (
    <>
      {now === 'CREATED' || now === 'PROTOTYPED' ? <Checklist standing={standing} /> : null}
      <Panel title={words.lifecycle.now}>
        <Stack gap="md">
          <div className={classes.now}>
            <StateBadge state={now} /> <Text size="sm">{words.lifecycle.reasons[now]}</Text>
          </div>
          {changed.isError ? <ProblemView thrown={changed.error} /> : null}
          <h3 className={classes.next}>{transitions.length === 0 ? words.lifecycle.nothing : words.lifecycle.next}</h3>
          <ul className={classes.transitions}>
            {transitions.map((transition) => (
              <li key={transition.event}>
                <Button
                  variant="default"
                  disabled={transition.reason !== undefined}
                  loading={changed.isPending && changed.variables === transition.event}
                  onClick={() => changed.mutate(transition.event)}
                >
                  {transition.event}
                </Button>
                <Text size="sm" c="dimmed">
                  {transition.reason ?? transition.meaning}
                </Text>
              </li>
            ))}
          </ul>
          {(state.checkItems ?? []).some(({ name }) => name === DEPRECATE_OLDER) ? (
            <Checkbox
              label={words.checklist.deprecateOlder}
              description={words.checklist.also}
              checked={isDeprecating}
              onChange={(event) => setIsDeprecating(event.currentTarget.checked)}
            />
          ) : null}
        </Stack>
      </Panel>
    </>
  );
}

/** What the management API calls it. */
const DEPRECATE_OLDER = 'Deprecate old versions after publishing the API';
