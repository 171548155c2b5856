import { Button, Checkbox, Group, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { Api } from '../../client/publisher/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { words } from '../words';
import { ACCESS_RULES, type Access, type AccessValues, accessOf, accessValuesOf } from './access-values';
import { AddressFields } from './address-fields';
import { CareFields } from './care-fields';
import { LoginFields } from './login-fields';

interface AccessFormProps {
  kept: Api;
  refusal: unknown;
  isSaving: boolean;
  onSave: (access: Access) => void;
}

/** Where calls go, how the gateway gets in there, and who may call. */
export function AccessForm({ kept, refusal, isSaving, onSave }: AccessFormProps) {
  const form = useForm<AccessValues>({ initialValues: accessValuesOf(kept), validate: ACCESS_RULES, onSubmitPreventDefault: 'always' });
  const w = words.endpoints;
  useHold();
  return (
    <form noValidate onSubmit={form.onSubmit((values) => onSave(accessOf(values, kept)))}>
      <Panels>
        {refusal ? <ProblemView thrown={refusal} /> : null}
        <Panel title={w.upstream} help={w.upstreamHelp}>
          <Stack gap="lg">
            <NativeSelect
              label={words.upstream.type}
              description={words.upstream.typeHelp[form.values.endpoint.type]}
              data={TYPES}
              {...form.getInputProps('endpoint.type')}
              maw={460}
            />
            <AddressFields form={form} kind="production" />
            <AddressFields form={form} kind="sandbox" />
          </Stack>
        </Panel>
        <Panel title={words.upstream.care} help={words.upstream.careHelp}>
          <CareFields form={form} />
        </Panel>
        <Panel title={words.upstream.signIn} help={words.upstream.signInHelp}>
          <Panels halves>
            <LoginFields form={form} kind="production" />
            <LoginFields form={form} kind="sandbox" />
          </Panels>
        </Panel>
        <SecurityFields form={form} />
        <Group>
          <Button type="submit" loading={isSaving} disabled={!form.isDirty()}>
            {kit.save}
          </Button>
        </Group>
      </Panels>
    </form>
  );
}

function SecurityFields({ form }: { form: UseFormReturnType<AccessValues> }) {
  const w = words.endpoints;
  return (
    <Panel title={w.security} help={w.securityHelp}>
      <Stack gap="md">
        <Checkbox label={w.oauth2} description={w.oauth2Help} {...form.getInputProps('oauth2', { type: 'checkbox' })} />
        <Checkbox label={w.apiKey} description={w.apiKeyHelp} {...form.getInputProps('apiKey', { type: 'checkbox' })} />
        {form.errors.oauth2 ? (
          <Text role="alert" size="sm" c="red">
            {form.errors.oauth2}
          </Text>
        ) : null}
        <Group grow preventGrowOverflow={false} gap="md">
          <TextInput
            label={w.token}
            disabled={!form.values.oauth2}
            {...form.getInputProps('authorizationHeader')}
            style={{ minWidth: '11rem' }}
          />
          <TextInput
            label={w.header}
            disabled={!form.values.apiKey}
            {...form.getInputProps('apiKeyHeader')}
            style={{ minWidth: '11rem' }}
          />
        </Group>
        <Switch label={w.cors} {...form.getInputProps('cors', { type: 'checkbox' })} />
        {form.values.cors ? <TextInput label={w.origins} description={w.originsHelp} {...form.getInputProps('origins')} /> : null}
      </Stack>
    </Panel>
  );
}

const TYPES = (['http', 'load_balance', 'failover'] as const).map((value) => ({ value, label: words.upstream.types[value] }));
