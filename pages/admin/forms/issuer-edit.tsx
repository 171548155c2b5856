import { Group, Modal, NativeSelect, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getKeyManagerOptions } from '../../client/admin/@tanstack/react-query.gen';
import { createKeyManager, updateKeyManager } from '../../client/admin/sdk.gen';
import type { KeyManager } from '../../client/admin/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';
import { IssuerDiscover } from './issuer-discover';
import { CLAIMS, type KeyManagerValues, keyManagerOf, RULES, valuesOf } from './issuer-values';

type Form = UseFormReturnType<KeyManagerValues>;

/** Registers a key manager, or changes the one of this id. */
export function KeyManagerEdit({ id, onClose }: { id?: string; onClose: () => void }) {
  const title = id ? words.keyManagers.change : words.keyManagers.create;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{title}</Text>} closeButtonProps={{ 'aria-label': kit.close }}>
      {id ? <Change id={id} onClose={onClose} /> : <Fields onClose={onClose} />}
    </Modal>
  );
}

function Change({ id, onClose }: { id: string; onClose: () => void }) {
  const found = useQuery(getKeyManagerOptions({ path: { keyManagerId: id } }));
  return <QueryView query={found}>{(keyManager) => <Fields before={keyManager} onClose={onClose} />}</QueryView>;
}

function Fields({ before, onClose }: { before?: KeyManager; onClose: () => void }) {
  const refresh = useRefresh();
  const [told, setTold] = useState<Partial<KeyManager>>(before ?? {});
  const form = useForm<KeyManagerValues>({ initialValues: valuesOf(before), validate: RULES, onSubmitPreventDefault: 'always' });
  const saved = useMutation({
    mutationFn: (values: KeyManagerValues) => {
      const body = keyManagerOf(values, told);
      return before ? updateKeyManager({ path: { keyManagerId: before.id ?? '' }, body }) : createKeyManager({ body });
    },
    onSuccess: async () => {
      await refresh();
      done(words.keyManagers.saved(form.values.name));
      onClose();
    },
  });
  const take = (said: KeyManager) => {
    setTold({ ...told, ...said });
    const { issuer, jwksAddress } = valuesOf(said);
    form.setValues({ issuer, jwksAddress });
  };
  return (
    <Stack gap="lg">
      <IssuerDiscover wellKnown={told.wellKnownEndpoint} onTold={take} />
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <Identity form={form} isNamed={before !== undefined} />
          <Claims form={form} />
          <Switch
            label={words.keyManagers.isEnabled}
            description={words.keyManagers.enabledHelp}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
          <FormFoot action={before ? kit.save : words.keyManagers.create} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Stack>
  );
}

function Identity({ form, isNamed }: { form: Form; isNamed: boolean }) {
  return (
    <>
      <TextInput
        label={words.keyManagers.name}
        description={isNamed ? words.keyManagers.kept : undefined}
        required
        disabled={isNamed}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <NativeSelect
        label={words.keyManagers.kind}
        description={words.keyManagers.kindHelp}
        data={words.keyManagers.kinds}
        {...form.getInputProps('type')}
        onChange={({ currentTarget }) => form.setValues({ type: currentTarget.value, ...CLAIMS[currentTarget.value] })}
      />
      <Textarea label={words.keyManagers.description} rows={2} {...form.getInputProps('description')} />
      <TextInput
        label={words.keyManagers.issuer}
        description={words.keyManagers.issuerHelp}
        required
        inputMode="url"
        {...form.getInputProps('issuer')}
      />
      <TextInput
        label={words.keyManagers.jwks}
        description={words.keyManagers.jwksHelp}
        inputMode="url"
        {...form.getInputProps('jwksAddress')}
      />
    </>
  );
}

function Claims({ form }: { form: Form }) {
  return (
    <>
      <Group gap="sm" align="start" grow preventGrowOverflow={false}>
        <TextInput
          label={words.keyManagers.consumerKeyClaim}
          required
          {...form.getInputProps('consumerKeyClaim')}
          style={{ minWidth: '10rem' }}
        />
        <TextInput label={words.keyManagers.scopesClaim} required {...form.getInputProps('scopesClaim')} style={{ minWidth: '10rem' }} />
      </Group>
      <NativeSelect
        label={words.keyManagers.tokenType}
        data={Object.entries(words.keyManagers.tokenTypes).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('tokenType')}
      />
    </>
  );
}
