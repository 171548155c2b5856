import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationKey } from '../../client/devportal/types.gen';
import { Facts } from '../../kit/page-parts';
import { SignInChange } from '../forms/sign-in-change';
import { words } from '../words';

const w = words.signIn;

interface PeopleSignInProps {
  applicationId: string;
  keyMappingId: string;
  ownKey: ApplicationKey;
}

/** Whether and how the client signs people in. */
export function PeopleSignIn({ applicationId, keyMappingId, ownKey }: PeopleSignInProps) {
  const [isEdited, setIsEdited] = useState(false);
  const isOn = ownKey.supportedGrantTypes?.includes('authorization_code') === true;
  return (
    <Stack gap="sm">
      <div>
        <Text fw={560}>{w.people}</Text>
        <Text size="sm" c="dimmed">
          {w.peopleHelp}
        </Text>
      </div>
      <Facts
        facts={[
          [w.people, isOn ? w.on : w.off],
          [w.callback, ownKey.callbackUrl || '–'],
        ]}
      />
      <Group>
        <Button variant="default" onClick={() => setIsEdited(true)}>
          {w.change}
        </Button>
      </Group>
      {isEdited ? (
        <SignInChange applicationId={applicationId} keyMappingId={keyMappingId} ownKey={ownKey} onClose={() => setIsEdited(false)} />
      ) : null}
    </Stack>
  );
}
