import { Button, Group, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { evaluateAlerts } from '../../client/alerts/sdk.gen';
import { Panels } from '../page-parts';
import { done, refused } from '../toast';
import { useAddress } from '../use-address';
import { AlertList } from './alert-list';
import { RuleList } from './rule-list';
import type { AlertScope } from './scope';
import { WebhookList } from './webhook-list';
import { words as w } from './words';

type View = keyof typeof w.views;

/** Alerts, the rules that open them, and the webhooks that are told: which of them, the address says. */
export function AlertsView({ scope }: { scope: AlertScope }) {
  const [{ view }, setSearch] = useAddress<{ view?: string; offset?: number; query?: string; about?: string }>();
  const shown: View = isView(view) ? view : 'open';
  return (
    <Panels>
      <Group gap="sm" justify="space-between">
        <SegmentedControl
          aria-label={w.view}
          data={Object.entries(w.views).map(([value, label]) => ({ value, label }))}
          value={shown}
          onChange={(next) => setSearch({ view: next === 'open' ? '' : next, offset: 0, query: '', about: '' })}
        />
        {scope.mayJudge && shown !== 'webhooks' ? <JudgeButton /> : null}
      </Group>
      {shown === 'open' ? <AlertList key="open" scope={scope} state="open" /> : null}
      {shown === 'past' ? <AlertList key="past" scope={scope} state="resolved" /> : null}
      {shown === 'rules' ? <RuleList scope={scope} /> : null}
      {shown === 'webhooks' ? <WebhookList /> : null}
    </Panels>
  );
}

/** The platform judges every minute; whoever has just changed a rule need not wait. */
function JudgeButton() {
  const queries = useQueryClient();
  const judged = useMutation({
    mutationFn: async () => (await evaluateAlerts()).data,
    onSuccess: async ({ opened = 0, resolved = 0 }) => {
      await queries.invalidateQueries();
      done(w.judged(opened, resolved));
    },
    onError: refused,
  });
  return (
    <Button variant="default" size="xs" loading={judged.isPending} onClick={() => judged.mutate()}>
      {w.judge}
    </Button>
  );
}

function isView(view: string | undefined): view is View {
  return view !== undefined && Object.hasOwn(w.views, view);
}
