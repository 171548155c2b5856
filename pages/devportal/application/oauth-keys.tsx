import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getKeyManagersOptions, getOAuthKeysOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { generateKeys, generateToken, regenerateSecret } from '../../client/devportal/sdk.gen';
import type { ApplicationKey } from '../../client/devportal/types.gen';
import { CodeBlock, CopyText } from '../../kit/code-block';
import { Facts, Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { SecretView } from '../../kit/secret-view';
import type { KeyType } from '../pages/ApplicationPage';
import { useRefresh } from '../use-api';
import { words } from '../words';
import { PeopleSignIn } from './people-sign-in';
import { Secrets } from './secrets';

const w = words.application;

/** The OAuth 2 client of the application, of one kind. */
export function OAuthKeys({ applicationId, keyType }: { applicationId: string; keyType: KeyType }) {
  const refresh = useRefresh();
  const keys = useQuery(getOAuthKeysOptions({ path: { applicationId } }));
  const made = useMutation({
    mutationFn: async () =>
      (await generateKeys({ path: { applicationId }, body: { keyType, grantTypesToBeSupported: ['client_credentials'] } })).data,
    onSuccess: () => refresh(),
  });
  return (
    <Panel title={w.oauth} help={w.oauthHelp}>
      <QueryView query={keys}>
        {(page) => {
          const key = page.list.find((candidate) => candidate.keyType === keyType);
          if (key?.consumerKey) return <KeyView applicationId={applicationId} ownKey={key} secret={made.data?.consumerSecret} />;
          return (
            <Stack gap="md" align="start">
              <Text c="dimmed">{key ? STATES[key.keyState ?? ''] : w.noKeys}</Text>
              {made.isError ? <ProblemView thrown={made.error} /> : null}
              {key?.keyState === 'CREATED' ? null : (
                <Button loading={made.isPending} onClick={() => made.mutate()}>
                  {w.generateKeys}
                </Button>
              )}
            </Stack>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function KeyView({ applicationId, ownKey, secret }: { applicationId: string; ownKey: ApplicationKey; secret?: string }) {
  const path = { applicationId, keyMappingId: ownKey.keyMappingId ?? '' };
  const managers = useQuery({ ...getKeyManagersOptions(), staleTime: 300_000 });
  const endpoint = `${location.origin}${pathOf(managers.data?.list[0]?.tokenEndpoint)}`;
  const token = useMutation({ mutationFn: async () => (await generateToken({ path, body: { validityPeriod: 3600 } })).data });
  const renewed = useMutation({ mutationFn: async () => (await regenerateSecret({ path })).data });
  const shown = renewed.data?.consumerSecret ?? secret;
  const curl = `curl -X POST ${endpoint} \\\n  -u '${ownKey.consumerKey}:${shown ?? '<consumer secret>'}' \\\n  -d grant_type=client_credentials`;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [w.consumerKey, <CopyText key="key" text={ownKey.consumerKey ?? ''} label={w.consumerKey} />],
          [w.grants, ownKey.supportedGrantTypes?.join(', ') ?? '–'],
          [w.tokenEndpoint, <CopyText key="endpoint" text={endpoint} label={w.tokenEndpoint} />],
        ]}
      />
      {shown ? <SecretView label={w.consumerSecret} secret={shown} /> : null}
      {token.isError || renewed.isError ? <ProblemView thrown={token.error ?? renewed.error} /> : null}
      <Group gap="sm">
        <Button loading={token.isPending} onClick={() => token.mutate()}>
          {w.generateToken}
        </Button>
        <Button variant="default" loading={renewed.isPending} onClick={() => renewed.mutate()}>
          {w.regenerate}
        </Button>
      </Group>
      {token.data ? (
        <div>
          <SecretView label={w.token} secret={token.data.accessToken ?? ''} />
          <Text size="sm" c="dimmed" mt="xs">
            {w.validFor(token.data.validityTime ?? 0)}
          </Text>
        </div>
      ) : null}
      <div>
        <Text size="sm" fw={560} mb={6}>
          {w.howTo}
        </Text>
        <CodeBlock text={curl} label={w.howTo} wrap />
      </div>
      <PeopleSignIn {...path} ownKey={ownKey} />
      <Secrets {...path} />
    </Stack>
  );
}

/** The path of the token endpoint; the host is the one that this page came from. */
function pathOf(endpoint: string | undefined): string {
  return endpoint ? new URL(endpoint, location.origin).pathname : '/oauth2/token';
}

/** Of keys that are not made yet. */
const STATES: Record<string, string> = { CREATED: w.keysWait, APPROVED: w.keysApproved, REJECTED: w.keysRejected };
