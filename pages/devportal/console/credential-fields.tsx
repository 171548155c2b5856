import { PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import classes from '../../kit/console/console.module.css';
import { TextLink } from '../../kit/link-button';
import { useSession } from '../../kit/session';
import { RowsSkeleton } from '../../kit/skeletons';
import { takesKey, takesToken } from '../access';
import type { CredentialKind } from '../credential';
import { paths } from '../paths';
import { words } from '../words';
import type { PersonToken as Token } from './sign-in';

// Few need it, and strangers meet the console first.
const PersonToken = lazy(() => import('./person-token').then((module) => ({ default: module.PersonToken })));

interface CredentialFieldsProps {
  api: Api;
  kind: CredentialKind;
  secret: string;
  /** Where the credential came from, in words; empty when the reader has typed it. */
  origin: string;
  onKind: (kind: CredentialKind) => void;
  onSecret: (secret: string) => void;
  onToken: (token: Token, application: string) => void;
}

/** What the call shows to the gateway; filled in already after Get access. */
export function CredentialFields({ api, kind, secret, origin, onKind, onSecret, onToken }: CredentialFieldsProps) {
  const isSignedIn = useSession()?.signedIn === true;
  const kinds = [
    ...(takesKey(api) ? [{ value: 'key', label: words.console.key }] : []),
    ...(takesToken(api) ? [{ value: 'token', label: words.console.token }] : []),
    { value: 'none', label: words.console.none },
  ];
  return (
    <Stack gap="xs">
      <Text size="sm" fw={560}>
        {words.console.credential}
      </Text>
      <SegmentedControl
        aria-label={words.console.credential}
        data={kinds}
        value={kind}
        onChange={(next) => onKind(next as CredentialKind)}
        style={{ alignSelf: 'start' }}
      />
      {kind === 'none' ? null : (
        <PasswordInput
          label={kind === 'key' ? words.console.keyLabel : words.console.tokenLabel}
          description={secret && origin ? origin : words.console.kept}
          autoComplete="off"
          value={secret}
          onChange={(event) => onSecret(event.currentTarget.value.trim())}
        />
      )}
      {kind === 'token' && isSignedIn ? <BySigningIn api={api} onToken={onToken} /> : null}
      {kind !== 'none' && secret === '' ? (
        <Text size="sm">
          {words.console.noKey}{' '}
          <TextLink to={paths.console(api.id ?? '')} search={{ access: 'get' }}>
            {words.api.getAccess}
          </TextLink>
        </Text>
      ) : null}
    </Stack>
  );
}

function BySigningIn({ api, onToken }: Pick<CredentialFieldsProps, 'api' | 'onToken'>) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={classes.headers} open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{words.signIn.title}</summary>
      {isOpen ? (
        <Suspense fallback={<RowsSkeleton />}>
          <PersonToken
            api={api}
            onToken={(token, application) => {
              setIsOpen(false);
              onToken(token, application);
            }}
          />
        </Suspense>
      ) : null}
    </details>
  );
}
