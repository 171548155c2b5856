import '@mantine/core/styles/NumberInput.css';
import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  getGraphQlPolicyComplexityOfApiOptions,
  getGraphQlPolicyComplexityTypesOfApiOptions,
} from '../../client/publisher/@tanstack/react-query.gen';
import { updateGraphQlPolicyComplexityOfApi } from '../../client/publisher/sdk.gen';
import type { GraphQlSchemaType } from '../../client/publisher/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { ApiHeading } from '../api-heading';
import { listOf, type Values, valuesOf } from '../complexity';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.complexity;

/** What each field of a GraphQL API counts in a query, type by type. */
export function ComplexityPage() {
  const path = { apiId: useApi().id ?? '' };
  const types = useQuery(getGraphQlPolicyComplexityTypesOfApiOptions({ path }));
  const values = useQuery(getGraphQlPolicyComplexityOfApiOptions({ path }));
  useHold();
  return (
    <>
      <ApiHeading title={w.title} lead={w.lead} />
      <QueryView query={types}>
        {({ typeList }) => (
          <QueryView query={values}>
            {({ list = [] }) => <Fields key={JSON.stringify(list)} apiId={path.apiId} types={typeList} held={valuesOf(list)} />}
          </QueryView>
        )}
      </QueryView>
    </>
  );
}

function Fields({ apiId, types, held }: { apiId: string; types: GraphQlSchemaType[]; held: Values }) {
  const refresh = useRefresh();
  const [values, setValues] = useState(held);
  const saved = useMutation({
    mutationFn: () => updateGraphQlPolicyComplexityOfApi({ path: { apiId }, body: { list: listOf(types, values) } }),
    onSuccess: async () => {
      await refresh();
      done(w.saved);
    },
  });
  const isChanged = JSON.stringify(listOf(types, values)) !== JSON.stringify(listOf(types, held));
  return (
    <Panels>
      {saved.isError ? <ProblemView thrown={saved.error} /> : null}
      {types.map(({ type, fieldList }) => (
        <Panel key={type} title={type}>
          <Stack gap="sm">
            {fieldList.map((field) => (
              <NumberInput
                key={field}
                label={field}
                aria-label={w.valueOf(type, field)}
                placeholder="1"
                min={0}
                max={1_000_000}
                allowDecimal={false}
                maw={280}
                value={values[`${type}.${field}`] ?? ''}
                onChange={(value) => setValues((old) => ({ ...old, [`${type}.${field}`]: value }))}
              />
            ))}
          </Stack>
        </Panel>
      ))}
      <Group>
        <Button disabled={!isChanged} loading={saved.isPending} onClick={() => saved.mutate()}>
          {w.save}
        </Button>
      </Group>
    </Panels>
  );
}
