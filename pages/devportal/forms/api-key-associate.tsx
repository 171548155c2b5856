import { Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSubscriptionsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { associateApiKey } from '../../client/devportal/sdk.gen';
import type { ApiapiKeyInfo } from '../../client/devportal/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.boundKeys;

interface ApiKeyAssociateProps {
  apiId: string;
  apiKey: ApiapiKeyInfo;
  onClose: () => void;
}

/** Gives a key to an application that is subscribed to the API. */
export function ApiKeyAssociate({ apiId, apiKey: { keyName = '', keyUUID = '' }, onClose }: ApiKeyAssociateProps) {
  const refresh = useRefresh();
  const subscriptions = useQuery(getSubscriptionsOptions({ query: { apiId, limit: MOST } }));
  const offered = (subscriptions.data?.list ?? []).map(({ applicationId, applicationInfo }) => ({
    value: applicationId,
    label: applicationInfo?.name ?? applicationId,
  }));
  const [chosen, choose] = useState('');
  const application = chosen || (offered[0]?.value ?? '');
  const given = useMutation({
    mutationFn: () => associateApiKey({ path: { apiId }, body: { keyUUID, applicationUUID: application } }),
    onSuccess: async () => {
      await refresh();
      done(w.given(keyName));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.giveOf(keyName)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <QueryView query={subscriptions}>
        {() =>
          offered.length === 0 ? (
            <Text>{w.nobody}</Text>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                given.mutate();
              }}
            >
              <Stack gap="md">
                {given.isError ? <ProblemView thrown={given.error} /> : null}
                <NativeSelect
                  label={w.application}
                  data={offered}
                  value={application}
                  onChange={(event) => choose(event.currentTarget.value)}
                />
                <FormFoot action={w.give} isPending={given.isPending} onClose={onClose} />
              </Stack>
            </form>
          )
        }
      </QueryView>
    </Modal>
  );
}

/** Subscriptions of one person to one API. */
const MOST = 200;
