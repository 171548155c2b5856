import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconRocket } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getAllThrottlingPoliciesOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { importOpenApiDefinition } from '../../client/publisher/sdk.gen';
import type { Api, OpenApiDefinitionValidationResponse, ThrottlingPolicy } from '../../client/publisher/types.gen';
import { Badge, MethodBadge } from '../../kit/badges';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done, refused } from '../../kit/toast';
import { deployAndPublish, type Target } from '../deploy';
import { API } from '../subject-calls';
import { addressOf, useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';
import type { Source } from './definition-source';
import classes from './definition-source.module.css';

interface ApiCreateProps {
  found: OpenApiDefinitionValidationResponse;
  source: Source;
  onCreated: (apiId: string) => void;
}

/** What was found in a definition, ready to be changed and created. */
export function ApiCreateForm({ found, source, onCreated }: ApiCreateProps) {
  const refresh = useRefresh();
  const environment = useEnvironment();
  const plans = useQuery(getAllThrottlingPoliciesOptions({ path: { policyLevel: 'subscription' }, query: { limit: 100 } }));
  const form = useForm({ initialValues: valuesOf(found), validate: RULES, onSubmitPreventDefault: 'always' });
  const created = useMutation({
    mutationFn: async ({ values, isPublished }: { values: Values; isPublished: boolean }) => {
      const api = await create(values, source, plans.data?.list ?? []);
      // The API is there, whatever comes of the rest: its page says how far it has come.
      if (isPublished) await deploy(api, environment).then(() => done(words.overview.deployed), refused);
      return api.id ?? '';
    },
    onSuccess: async (apiId) => {
      await refresh();
      onCreated(apiId);
    },
  });
  const canPublish = form.values.endpoint.trim() !== '';
  const operations = found.info?.operations ?? [];
  return (
    <Panel
      title={words.import.preview}
      help={words.import.previewHelp}
      actions={
        <Badge tone="good" label={`${words.import.format(found.info?.openAPIVersion ?? '')} · ${words.import.valid(operations.length)}`} />
      }
    >
      <form noValidate onSubmit={form.onSubmit((values) => created.mutate({ values, isPublished: canPublish }))}>
        <Stack gap="md">
          {created.isError ? <ProblemView thrown={created.error} /> : null}
          <Group grow preventGrowOverflow={false} align="start" gap="md">
            <TextInput label={words.import.name} required {...form.getInputProps('name')} style={{ minWidth: '12rem' }} />
            <TextInput label={words.import.version} required {...form.getInputProps('version')} style={{ minWidth: '8rem' }} />
          </Group>
          <TextInput
            label={words.import.context}
            description={words.import.contextHelp(addressOf(form.values))}
            required
            {...form.getInputProps('context')}
          />
          <TextInput label={words.import.endpoint} description={words.import.endpointHelp} type="url" {...form.getInputProps('endpoint')} />
          <div>
            <Text size="sm" fw={560} mb={6}>
              {words.import.operations}
            </Text>
            <ul className={classes.operations}>
              {operations.slice(0, SHOWN).map((operation) => (
                <li key={`${operation.verb} ${operation.target}`}>
                  <MethodBadge method={operation.verb} /> <code>{operation.target}</code>
                </li>
              ))}
            </ul>
            {operations.length > SHOWN ? (
              <Text size="sm" c="dimmed" mt={6}>
                {words.import.more(operations.length - SHOWN)}
              </Text>
            ) : null}
          </div>
          <Group>
            {canPublish ? (
              <Button type="submit" size="md" leftSection={<IconRocket size={18} />} loading={created.isPending}>
                {words.import.publish}
              </Button>
            ) : null}
            <Button
              type="button"
              size="md"
              variant={canPublish ? 'default' : 'filled'}
              disabled={created.isPending}
              onClick={() => form.onSubmit((values) => created.mutate({ values, isPublished: false }))()}
            >
              {words.import.create}
            </Button>
            <Text size="sm" c="dimmed">
              {canPublish ? words.import.publishHelp : words.import.noEndpoint}
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

type Values = ReturnType<typeof valuesOf>;

function valuesOf(found: OpenApiDefinitionValidationResponse) {
  const name = (found.info?.name ?? '').replace(/[^\w.-]+/g, '').slice(0, 60);
  const slug = (found.info?.name ?? 'api')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return {
    name,
    version: found.info?.version ?? '1.0.0',
    context: found.info?.context || `/${slug}`,
    endpoint: found.info?.endpoints?.find((endpoint) => /^https?:/.test(endpoint)) ?? '',
  };
}

function deploy({ id = '', lifeCycleStatus }: Api, target: Target) {
  return deployAndPublish(API, { id, state: lifeCycleStatus }, target);
}

async function create(values: Values, source: Source, plans: ThrottlingPolicy[]): Promise<Api> {
  const endpoint = { url: values.endpoint.trim() };
  const properties = {
    name: values.name,
    version: values.version,
    context: values.context,
    policies: plans.filter((plan) => PLANS.includes(plan.name)).map((plan) => plan.name),
    securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'],
    endpointConfig: endpoint.url ? { endpoint_type: 'http', production_endpoints: endpoint, sandbox_endpoints: endpoint } : undefined,
  };
  const answer = await importOpenApiDefinition({ body: { ...source, additionalProperties: JSON.stringify(properties) } });
  return answer.data;
}

const RULES = {
  name: (value: string) => (value.trim() === '' ? words.import.needed : null),
  version: (value: string) => (value.trim() === '' ? words.import.needed : null),
  context: (value: string) => (/^\/[^\s]+$/.test(value) ? null : words.import.contextRule),
  endpoint: (value: string) => (value === '' || /^https?:\/\/\S+$/.test(value) ? null : words.import.endpointRule),
};
const SHOWN = 6;
/** The plans that a new API offers, where the platform has them. */
const PLANS = ['Unlimited', 'Gold', 'Silver', 'Bronze'];
