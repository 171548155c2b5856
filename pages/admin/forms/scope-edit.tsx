import { Checkbox, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getRolesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { updateRolesForScope } from '../../client/admin/sdk.gen';
import type { Scope } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.rights;

/** The roles that may be granted a scope. */
export function ScopeEdit({ scope, onClose }: { scope: Scope; onClose: () => void }) {
  const [roles, setRoles] = useState(scope.roles);
  const known = useQuery(getRolesOptions());
  const refresh = useRefresh();
  const saved = useMutation({
    // The others stay as they are: the list holds what is changed.
    mutationFn: () => updateRolesForScope({ body: { count: 1, list: [{ ...scope, roles }] } }),
    onSuccess: async () => {
      await refresh();
      done(w.saved(scope.name));
      onClose();
    },
  });
  const all = [...new Set([...(known.data?.list ?? []).map(({ name }) => name), ...scope.roles])];
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.edit(scope.name)}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saved.mutate();
        }}
      >
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <Checkbox.Group label={w.roles} description={w.rolesHelp} value={roles} onChange={setRoles}>
            <Stack gap="xs" mt="xs">
              {all.map((role) => (
                <Checkbox key={role} value={role} label={role} />
              ))}
            </Stack>
          </Checkbox.Group>
          <FormFoot action={kit.save} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
