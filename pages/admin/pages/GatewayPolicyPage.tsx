import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { getAllCommonOperationPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import {
  addGatewayPoliciesToFlows,
  getGatewayPolicyMappingContentByPolicyMappingId,
  updateGatewayPoliciesToFlows,
} from '../../client/publisher/sdk.gen';
import type { GatewayPolicyMappings } from '../../client/publisher/types.gen';
import { type Lanes, lanesOf } from '../../kit/lanes/lanes';
import { LanesView } from '../../kit/lanes/lanes-view';
import { TextLink } from '../../kit/link-button';
import { PageHeader } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.gatewayPolicies;

/** One mapping of policies for all APIs, new or held. */
export function GatewayPolicyPage() {
  const { mappingId } = useParams({ strict: false }) as { mappingId?: string };
  const mapping = useQuery({
    queryKey: ['gateway-policy', mappingId ?? ''],
    queryFn: async (): Promise<GatewayPolicyMappings> => {
      if (!mappingId) return { displayName: '', policyMapping: {} };
      return (await getGatewayPolicyMappingContentByPolicyMappingId({ path: { gatewayPolicyMappingId: mappingId } })).data;
    },
  });
  return <QueryView query={mapping}>{(held) => <Editing key={mappingId} id={mappingId} held={held} />}</QueryView>;
}

function Editing({ id, held }: { id?: string; held: GatewayPolicyMappings }) {
  const policies = useQuery(getAllCommonOperationPoliciesOptions({ query: { limit: 200 } }));
  const [displayName, setName] = useState(held.displayName);
  const [lanes, setLanes] = useState<Lanes>(() => lanesOf(held.policyMapping));
  const [isLacking, setLacking] = useState(false);
  const refresh = useRefresh();
  const navigate = useNavigate();
  useHold();
  const saved = useMutation({
    mutationFn: () => {
      const body = { displayName: displayName.trim(), policyMapping: lanes };
      return id
        ? updateGatewayPoliciesToFlows({ path: { gatewayPolicyMappingId: id }, body }).then(() => {})
        : addGatewayPoliciesToFlows({ body }).then(() => {});
    },
    onSuccess: async () => {
      await refresh();
      await navigate({ to: paths.gatewayPolicies() });
      done(w.saved(displayName));
    },
  });
  function save() {
    setLacking(displayName.trim() === '');
    if (displayName.trim() !== '') saved.mutate();
  }
  return (
    <>
      <PageHeader
        above={<TextLink to={paths.gatewayPolicies()}>{w.title}</TextLink>}
        title={id ? held.displayName : w.create}
        lead={w.order}
        actions={
          <Button loading={saved.isPending} onClick={save}>
            {id ? kit.save : w.create}
          </Button>
        }
      />
      <Stack gap="lg">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <TextInput
          label={words.policies.name}
          required
          maxLength={255}
          maw={460}
          error={isLacking && displayName.trim() === '' ? words.needed : undefined}
          value={displayName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <QueryView query={policies}>{({ list = [] }) => <LanesView lanes={lanes} policies={list} onChange={setLanes} />}</QueryView>
      </Stack>
    </>
  );
}
