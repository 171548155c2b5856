import { Button, Group, Stack, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { generateMockScripts, updateApi } from '../../client/publisher/sdk.gen';
import type { Api } from '../../client/publisher/types.gen';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useRefresh } from '../use-api';
import { words } from '../words';

/** Does the gateway answer by itself? And what with, where the definition shows nothing. */
export function MockForm({ api }: { api: Api }) {
  const w = words.mock;
  const refresh = useRefresh();
  const apiId = api.id ?? '';
  const isMocked = api.endpointImplementationType === 'MOCKED_OAS' || api.endpointImplementationType === 'INLINE';
  const chosen = useMutation({
    mutationFn: (mocked: boolean) =>
      updateApi({ path: { apiId }, body: { ...api, endpointImplementationType: mocked ? 'MOCKED_OAS' : 'ENDPOINT' } }),
    onSuccess: async () => {
      await refresh();
      done(words.endpoints.saved);
    },
  });
  const made = useMutation({
    mutationFn: () => generateMockScripts({ path: { apiId } }),
    onSuccess: async () => {
      await refresh();
      done(w.made);
    },
  });
  const refusal = chosen.error ?? made.error;
  return (
    <Panel title={w.title} help={w.help}>
      <Stack gap="md">
        {refusal ? <ProblemView thrown={refusal} /> : null}
        <Switch
          label={w.mocked}
          description={w.mockedHelp}
          checked={isMocked}
          disabled={chosen.isPending}
          onChange={(event) => chosen.mutate(event.currentTarget.checked)}
        />
        {isMocked ? (
          <Group>
            <Button variant="default" loading={made.isPending} onClick={() => made.mutate()}>
              {w.make}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </Panel>
  );
}
