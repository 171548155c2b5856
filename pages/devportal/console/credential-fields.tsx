import { PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core';
import type { Api } from '../../client/devportal/types.gen';
import { TextLink } from '../../kit/link-button';
import { takesKey, takesToken } from '../access';
import type { CredentialKind } from '../credential';
import { paths } from '../paths';
import { words } from '../words';

interface CredentialFieldsProps {
  api: Api;
  kind: CredentialKind;
  secret: string;
  /** Whose key it is, when Get access made it. */
  application: string;
  onKind: (kind: CredentialKind) => void;
  onSecret: (secret: string) => void;
}

/** What the call shows to the gateway; filled in already after Get access. */
export function CredentialFields({ api, kind, secret, application, onKind, onSecret }: CredentialFieldsProps) {
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
          description={application && secret ? words.console.fromAccess(application) : words.console.kept}
          autoComplete="off"
          value={secret}
          onChange={(event) => onSecret(event.currentTarget.value.trim())}
        />
      )}
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
