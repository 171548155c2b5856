import { Input, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { addCommonOperationPolicy } from '../../client/publisher/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { labelOf } from '../../kit/lanes/lanes';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../use-api';
import { words } from '../words';

const Editor = lazy(() => import('../../kit/definition-editor'));

/** Gives a name to steps of the catalogue, with parameters of its own; every fault of it is named with its place. */
export function PolicyCreate({ onClose }: { onClose: () => void }) {
  const w = words.sharedPolicies;
  const [text, setText] = useState(START);
  const refresh = useRefresh();
  const added = useMutation({
    mutationFn: () => addCommonOperationPolicy({ body: { policySpecFile: new File([text], 'policy.yaml', { type: 'application/yaml' }) } }),
    onSuccess: async ({ data }) => {
      await refresh();
      done(w.added(labelOf(data)));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={600}>{w.add}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          added.mutate();
        }}
      >
        <Stack gap="md">
          {added.isError ? <ProblemView thrown={added.error} /> : null}
          <div>
            <Input.Description mb="xs">{w.specificationHelp}</Input.Description>
            <Suspense fallback={<Skeleton h={340} />}>
              <Editor label={w.specification} text={text} language="yaml" onChange={setText} />
            </Suspense>
          </div>
          <FormFoot action={w.add} isPending={added.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** Something that works, to begin with. */
const START = `name: tenantHeader
version: v1
displayName: Tenant header
description: Tells the upstream whose call it is.
applicableFlows: [request]
policyAttributes:
  - {name: tenant, displayName: Tenant, type: String, required: true, validationRegex: "[a-z]+"}
steps:
  - policyName: setHeader
    parameters: {headerName: x-tenant, headerValue: "\${tenant}"}
`;
