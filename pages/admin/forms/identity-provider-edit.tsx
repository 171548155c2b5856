import { Checkbox, Modal, PasswordInput, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createIdentityProvider, updateIdentityProvider } from '../../client/admin/sdk.gen';
import type { IdentityProvider } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';
import { type ProviderValues, providerOf, RULES, valuesOf } from './identity-provider-values';

type Form = UseFormReturnType<ProviderValues>;
interface EditProps {
  provider?: IdentityProvider;
  roles: string[];
  onClose: () => void;
}

/** Adds a provider by which people sign in, or changes one. */
export function IdentityProviderEdit({ provider, roles, onClose }: EditProps) {
  const refresh = useRefresh();
  const form = useForm<ProviderValues>({ initialValues: valuesOf(provider), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: ProviderValues) => {
      const body = providerOf(values);
      return provider ? updateIdentityProvider({ path: { providerId: provider.id ?? '' }, body }) : createIdentityProvider({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(words.signIn.saved(form.values.displayName));
      onClose();
    },
  });
  const title = provider ? words.signIn.change : words.signIn.create;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <Identity form={form} />
          <Credentials form={form} hasSecret={provider?.hasClientSecret === true} />
          <Roles form={form} roles={roles} />
          <FormFoot action={provider ? kit.save : words.signIn.create} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function Identity({ form }: { form: Form }) {
  return (
    <>
      <TextInput label={words.signIn.displayName} required data-autofocus {...form.getInputProps('displayName')} />
      <TextInput
        label={words.signIn.name}
        description={words.signIn.nameHelp(window.location.origin, form.values.name)}
        required
        autoCapitalize="none"
        {...form.getInputProps('name')}
      />
      <TextInput
        label={words.signIn.issuer}
        description={words.signIn.issuerHelp}
        required
        inputMode="url"
        {...form.getInputProps('issuer')}
      />
    </>
  );
}

function Credentials({ form, hasSecret }: { form: Form; hasSecret: boolean }) {
  return (
    <>
      <TextInput label={words.signIn.clientId} required autoComplete="off" {...form.getInputProps('clientId')} />
      <PasswordInput
        label={words.signIn.clientSecret}
        description={hasSecret ? words.signIn.secretKept : undefined}
        autoComplete="off"
        {...form.getInputProps('clientSecret')}
      />
      <TextInput label={words.signIn.scopes} description={words.signIn.scopesHelp} {...form.getInputProps('scopes')} />
    </>
  );
}

function Roles({ form, roles }: { form: Form; roles: string[] }) {
  return (
    <>
      <Checkbox.Group label={words.signIn.defaultRoles} {...form.getInputProps('defaultRoles')}>
        <Stack gap="xs" mt="xs">
          {roles.map((role) => (
            <Checkbox key={role} value={role} label={role} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput label={words.signIn.groupsClaim} placeholder="groups" {...form.getInputProps('groupsClaim')} />
      <Textarea label={words.signIn.groups} description={words.signIn.groupsHelp} autosize minRows={2} {...form.getInputProps('groups')} />
      <Switch
        label={words.signIn.createPeople}
        description={words.signIn.createPeopleHelp}
        {...form.getInputProps('createPeople', { type: 'checkbox' })}
      />
    </>
  );
}
