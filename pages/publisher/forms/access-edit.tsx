import { Button, Checkbox, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Api } from '../../client/publisher/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { words as kit } from '../../kit/words';
import { words } from '../words';

/** The part of an API that says where calls go and who may make them. */
export type Access = Pick<Api, 'endpointConfig' | 'securityScheme' | 'apiKeyHeader' | 'authorizationHeader' | 'corsConfiguration'>;

interface Values {
  production: string;
  sandbox: string;
  oauth2: boolean;
  apiKey: boolean;
  apiKeyHeader: string;
  authorizationHeader: string;
  cors: boolean;
  origins: string;
}

interface AccessFormProps {
  initial: Values;
  kept: Api;
  refusal: unknown;
  isSaving: boolean;
  onSave: (access: Access) => void;
}

export function AccessForm({ initial, kept, refusal, isSaving, onSave }: AccessFormProps) {
  const form = useForm({ initialValues: initial, validate: RULES, onSubmitPreventDefault: 'always' });
  const w = words.endpoints;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => onSave(accessOf(values, kept)))}>
      <Panels>
        {refusal ? <ProblemView thrown={refusal} /> : null}
        <Panel title={w.upstream} help={w.upstreamHelp}>
          <Stack gap="md">
            <TextInput type="url" label={w.production} {...form.getInputProps('production')} />
            <TextInput type="url" label={w.sandbox} description={w.sandboxHelp} {...form.getInputProps('sandbox')} />
          </Stack>
        </Panel>
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
        <Group>
          <Button type="submit" loading={isSaving} disabled={!form.isDirty()}>
            {kit.save}
          </Button>
        </Group>
      </Panels>
    </form>
  );
}

function accessOf(values: Values, kept: Api): Access {
  const others = (kept.securityScheme ?? []).filter((scheme) => !['oauth2', 'api_key', MANDATORY].includes(scheme));
  return {
    endpointConfig: {
      ...kept.endpointConfig,
      endpoint_type: 'http',
      production_endpoints: values.production ? { url: values.production } : undefined,
      sandbox_endpoints: values.sandbox ? { url: values.sandbox } : undefined,
    },
    securityScheme: [...(values.oauth2 ? ['oauth2'] : []), ...(values.apiKey ? ['api_key'] : []), ...others, MANDATORY],
    apiKeyHeader: values.apiKeyHeader,
    authorizationHeader: values.authorizationHeader,
    corsConfiguration: {
      ...kept.corsConfiguration,
      corsConfigurationEnabled: values.cors,
      accessControlAllowOrigins: values.origins.split(',').map((origin) => origin.trim()),
    },
  };
}

const address = (value: string) => (value === '' || /^https?:\/\/\S+$/.test(value) ? null : words.endpoints.address);
const RULES = {
  production: address,
  sandbox: address,
  oauth2: (value: boolean, values: Values) => (value || values.apiKey ? null : words.endpoints.one),
};
/** WSO2's name for: one of the credentials of the application level must be shown. */
const MANDATORY = 'oauth_basic_auth_api_key_mandatory';
