import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { updateApi } from '../../client/publisher/sdk.gen';
import type { Api, ApiOperations } from '../../client/publisher/types.gen';
import { type Lanes, lanesOf, stepsIn } from '../../kit/lanes/lanes';
import { LanesView } from '../../kit/lanes/lanes-view';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { useHold } from '../../kit/use-hold';
import { ApiHeading } from '../api-heading';
import { DryRun } from '../dry-run/dry-run';
import { useApi, useRefresh } from '../use-api';
import { usePoliciesOf } from '../use-policies';
import { words } from '../words';

const w = words.policies;
/** By operation; what is for all operations has the name that none has. */
type Changes = Record<string, Lanes>;
const ALL = '';

/** What the gateway does to calls of an API: for all its operations, and for each. */
export function PoliciesPage() {
  const api = useApi();
  const policies = usePoliciesOf(api.id ?? '');
  const [search, setSearch] = useAddress<{ operation?: string }>();
  const [changes, setChanges] = useState<Changes>({});
  const refresh = useRefresh();
  const isChanged = Object.keys(changes).length > 0;
  useHold(isChanged);
  const operations = api.operations ?? [];
  const where = operations.some((operation) => keyOf(operation) === search.operation) ? (search.operation ?? ALL) : ALL;
  const saved = useMutation({
    mutationFn: () => updateApi({ path: { apiId: api.id ?? '' }, body: withChanges(api, changes) }),
    onSuccess: async () => {
      await refresh();
      setChanges({});
      done(w.saved);
    },
  });
  return (
    <>
      <ApiHeading
        title={w.title}
        lead={w.lead}
        actions={
          <Button disabled={!isChanged} loading={saved.isPending} onClick={() => saved.mutate()}>
            {w.save}
          </Button>
        }
      />
      <Stack gap="lg">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <NativeSelect
          label={w.where}
          description={w.order}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maw={560}
          value={where}
          onChange={(event) => setSearch({ operation: event.currentTarget.value })}
          data={placesOf(api, changes)}
        />
        <QueryView query={policies}>
          {(list) => (
            // What is looked at has nothing of another's dialogs and answers.
            <Stack gap="lg" key={where}>
              <LanesView
                lanes={lanesAt(api, changes, where)}
                policies={list}
                onChange={(lanes) => setChanges((old) => ({ ...old, [where]: lanes }))}
              />
              <DryRun
                apiId={api.id ?? ''}
                operation={operations.find((operation) => keyOf(operation) === where)}
                ofApi={lanesAt(api, changes, ALL)}
                ofOperation={where === ALL ? undefined : lanesAt(api, changes, where)}
                policies={list}
              />
            </Stack>
          )}
        </QueryView>
        {isChanged ? (
          <Text c="dimmed" size="sm">
            {w.unsaved}
          </Text>
        ) : null}
      </Stack>
    </>
  );
}

function lanesAt(api: Api, changes: Changes, where: string): Lanes {
  const operation = api.operations?.find((one) => keyOf(one) === where);
  return changes[where] ?? lanesOf(where === ALL ? api.apiPolicies : operation?.operationPolicies);
}

/** All operations, and each, with the number of steps that there are. */
function placesOf(api: Api, changes: Changes) {
  const named = [ALL, ...(api.operations ?? []).map(keyOf)];
  return named.map((value) => {
    const steps = stepsIn(lanesAt(api, changes, value));
    const label = value === ALL ? w.all : value;
    return { value, label: steps === 0 ? label : w.placeWithSteps(label, steps) };
  });
}

function withChanges(api: Api, changes: Changes): Api {
  return {
    ...api,
    apiPolicies: changes[ALL] ?? api.apiPolicies,
    operations: (api.operations ?? []).map((operation) => {
      const operationPolicies = changes[keyOf(operation)];
      return operationPolicies ? { ...operation, operationPolicies } : operation;
    }),
  };
}

function keyOf({ verb, target }: ApiOperations): string {
  return `${verb} ${target}`;
}
