import { Alert, Button, Checkbox, Group, List, NativeSelect, PasswordInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { getApplicationsOptions, getOAuthKeysOptions, getSubscriptionsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import type { Api, ApplicationKey } from '../../client/devportal/types.gen';
import { TextLink } from '../../kit/link-button';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { words } from '../words';
import { lacksOf, type PersonToken as Token } from './sign-in';
import { useSignIn } from './use-sign-in';

const w = words.signIn;

interface Named {
  id: string;
  name: string;
}

interface PersonTokenProps {
  api: Api;
  onToken: (token: Token, application: string) => void;
}

/** A token for the reader, by authorization code, through an application that may call the API. */
export function PersonToken({ api, onToken }: PersonTokenProps) {
  const apiId = api.id ?? '';
  const isOpen = !api.tiers?.length;
  const subscriptions = useQuery({ ...getSubscriptionsOptions({ query: { apiId, limit: 100 } }), enabled: !isOpen });
  const applications = useQuery({ ...getApplicationsOptions({ query: { limit: 100 } }), enabled: isOpen });
  const [chosen, choose] = useState('');
  const pick = (all: Named[]) => {
    const application = all.find(({ id }) => id === chosen) ?? all[0];
    if (!application) return <Text size="sm">{w.none}</Text>;
    return (
      <Stack gap="sm">
        <NativeSelect
          label={w.application}
          description={w.applicationHelp}
          data={all.map(({ id, name }) => ({ value: id, label: name }))}
          value={application.id}
          onChange={(event) => choose(event.currentTarget.value)}
        />
        <ClientOf key={application.id} api={api} application={application} onToken={(token) => onToken(token, application.name)} />
      </Stack>
    );
  };
  return (
    <Stack gap="sm" mt="sm">
      <Text size="sm" c="dimmed">
        {w.help}
      </Text>
      {isOpen ? (
        <QueryView query={applications}>
          {({ list }) => pick(list.map(({ applicationId = '', name = '' }) => ({ id: applicationId, name })))}
        </QueryView>
      ) : (
        <QueryView query={subscriptions}>
          {({ list }) => pick(list.map(({ applicationId, applicationInfo }) => ({ id: applicationId, name: applicationInfo?.name ?? '' })))}
        </QueryView>
      )}
    </Stack>
  );
}

interface ClientOfProps {
  api: Api;
  application: Named;
  onToken: (token: Token) => void;
}

/** What the application lacks for it, or the sign-in. */
function ClientOf({ api, application, onToken }: ClientOfProps) {
  const keys = useQuery(getOAuthKeysOptions({ path: { applicationId: application.id } }));
  return (
    <QueryView query={keys}>
      {({ list }) => {
        const key = fittest(list);
        const lacks = lacksOf(key);
        if (key && lacks.length === 0) return <SignInForm api={api} ownKey={key} onToken={onToken} />;
        return (
          <Alert color="ochre" variant="light" title={w.lacks(application.name)}>
            <List size="sm">
              {lacks.map((lack) => (
                <List.Item key={lack}>{w.lack[lack]}</List.Item>
              ))}
            </List>
            <Text size="sm" mt="xs">
              <TextLink
                to={paths.application(application.id)}
                search={{ part: 'oauth', kind: key?.keyType === 'SANDBOX' ? 'sandbox' : undefined }}
              >
                {w.toKeys}
              </TextLink>
            </Text>
          </Alert>
        );
      }}
    </QueryView>
  );
}

function SignInForm({ api, ownKey, onToken }: { api: Api; ownKey: ApplicationKey; onToken: (token: Token) => void }) {
  const { signIn, cancel } = useSignIn(onToken);
  const [secret, setSecret] = useState('');
  const all = (api.scopes ?? []).flatMap(({ key }) => key ?? []);
  const [scopes, setScopes] = useState(all);
  const isPublic = ownKey.additionalProperties?.bypassClientCredentials === true;
  const isReady = isPublic || secret !== '';
  const start = () => signIn.mutate({ client: { id: ownKey.consumerKey ?? '', secret }, scopes });
  function startByKey(event: KeyboardEvent) {
    if (event.key !== 'Enter') return;
    // These fields stand in the form of the call, which would be sent.
    event.preventDefault();
    if (isReady && !signIn.isPending) start();
  }
  return (
    <Stack gap="sm">
      {all.length > 0 ? (
        <Checkbox.Group label={w.scopes} description={w.scopesHelp} value={scopes} onChange={setScopes}>
          <Stack gap={6} mt="xs">
            {all.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} />
            ))}
          </Stack>
        </Checkbox.Group>
      ) : null}
      {isPublic ? null : (
        <PasswordInput
          label={words.application.consumerSecret}
          description={w.secretHelp}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value.trim())}
          onKeyDown={startByKey}
        />
      )}
      {signIn.isError ? <ProblemView thrown={signIn.error} /> : null}
      <Group gap="sm">
        <Button variant="default" loading={signIn.isPending} disabled={!isReady} onClick={start}>
          {w.start}
        </Button>
        {signIn.isPending ? (
          <Button variant="subtle" color="gray" onClick={cancel}>
            {kit.cancel}
          </Button>
        ) : null}
      </Group>
      {signIn.isPending ? (
        <Text size="sm" role="status">
          {w.waiting}
        </Text>
      ) : null}
    </Stack>
  );
}

/** The client that lacks the least; production first. Those of external key managers sign in elsewhere. */
function fittest(keys: ApplicationKey[]): ApplicationKey | undefined {
  const own = keys.filter(({ keyManager }) => !keyManager || keyManager === 'Resident Key Manager');
  return own.sort(
    (one, other) => lacksOf(one).length - lacksOf(other).length || Number(one.keyType === 'SANDBOX') - Number(other.keyType === 'SANDBOX'),
  )[0];
}
