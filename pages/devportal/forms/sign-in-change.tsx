import { Button, Checkbox, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { updateOAuthKey } from '../../client/devportal/sdk.gen';
import type { ApplicationKey } from '../../client/devportal/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { callbackAddress } from '../console/sign-in';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.signIn;

interface SignInChangeProps {
  applicationId: string;
  keyMappingId: string;
  ownKey: ApplicationKey;
  onClose: () => void;
}

interface Wish {
  isOn: boolean;
  callbackUrl: string;
  isPublic: boolean;
}

/** Turns the sign-in of people on or off, and says where they come back to. */
export function SignInChange({ applicationId, keyMappingId, ownKey, onClose }: SignInChangeProps) {
  const refresh = useRefresh();
  const form = useForm<Wish>({ initialValues: wishOf(ownKey), onSubmitPreventDefault: 'always' });
  const changed = useMutation({
    mutationFn: (wish: Wish) => updateOAuthKey({ path: { applicationId, keyMappingId }, body: keyOf(ownKey, wish) }),
    onSuccess: async () => {
      await refresh();
      done(w.saved);
      onClose();
    },
  });
  const own = callbackAddress();
  const { isOn, callbackUrl } = form.getValues();
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{w.people}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((wish) => changed.mutate(wish))}>
        <Stack gap="md">
          {changed.isError ? <ProblemView thrown={changed.error} /> : null}
          <Switch label={w.people} description={w.peopleHelp} {...form.getInputProps('isOn', { type: 'checkbox' })} />
          <TextInput
            label={w.callback}
            description={w.callbackHelp}
            type="url"
            dir="ltr"
            disabled={!isOn}
            {...form.getInputProps('callbackUrl')}
          />
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {w.ownCallbackHelp(own)}
          </Text>
          <Group>
            <Button
              size="xs"
              variant="default"
              disabled={!isOn || callbackUrl === own}
              onClick={() => form.setFieldValue('callbackUrl', own)}
            >
              {w.ownCallback}
            </Button>
          </Group>
          <Checkbox
            label={w.isPublic}
            description={w.isPublicHelp}
            disabled={!isOn}
            {...form.getInputProps('isPublic', { type: 'checkbox' })}
          />
          <FormFoot action={kit.save} isPending={changed.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function wishOf({ supportedGrantTypes = [], callbackUrl = '', additionalProperties }: ApplicationKey): Wish {
  return {
    isOn: supportedGrantTypes.includes('authorization_code'),
    callbackUrl,
    isPublic: additionalProperties?.bypassClientCredentials === true,
  };
}

/** The key as wished. A client without a secret gives up the grants that are its own: anybody could act as it. */
function keyOf(key: ApplicationKey, { isOn, callbackUrl, isPublic }: Wish): ApplicationKey {
  const isOpen = isOn && isPublic;
  const others = (key.supportedGrantTypes ?? []).filter((grant) => grant !== 'authorization_code');
  const kept = isOpen ? others.filter((grant) => !NEED_A_SECRET.includes(grant)) : others;
  const grants = isOn ? [...kept, 'authorization_code'] : kept;
  return {
    supportedGrantTypes: grants.length > 0 ? grants : ['client_credentials'],
    callbackUrl: callbackUrl.trim(),
    additionalProperties: { ...key.additionalProperties, bypassClientCredentials: isOpen },
  };
}

const NEED_A_SECRET = ['client_credentials', 'password'];
