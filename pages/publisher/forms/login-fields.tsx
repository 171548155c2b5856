import { NativeSelect, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { type EndpointKind, LOGIN_FIELDS, LOGIN_TYPES, SECRETS } from '../endpoint-values';
import { words } from '../words';
import type { AccessValues } from './access-values';

const w = words.upstream;

/** How the gateway signs in to the upstream, for one kind of key. */
export function LoginFields({ form, kind }: { form: UseFormReturnType<AccessValues>; kind: EndpointKind }) {
  const path = `endpoint.logins.${kind}`;
  const { type } = form.values.endpoint.logins[kind];
  return (
    <Stack gap="sm">
      <NativeSelect
        label={w.login[kind]}
        data={LOGIN_TYPES.map((value) => ({ value, label: w.logins[value] ?? value }))}
        {...form.getInputProps(`${path}.type`)}
      />
      {type === ''
        ? null
        : LOGIN_FIELDS[type].map((name) => {
            const props = { ...form.getInputProps(`${path}.fields.${name}`), value: form.values.endpoint.logins[kind].fields[name] ?? '' };
            if (name === 'apiKeyIdentifierType') {
              return <SegmentedControl key={name} aria-label={w.fields[name]} data={PLACES} {...props} value={props.value || 'HEADER'} />;
            }
            if (!SECRETS.includes(name)) return <TextInput key={name} label={w.fields[name]} {...props} />;
            return <PasswordInput key={name} label={w.fields[name]} description={w.secretHelp} autoComplete="off" {...props} />;
          })}
    </Stack>
  );
}

const PLACES = [
  { value: 'HEADER', label: w.inHeader },
  { value: 'QUERY_PARAMETER', label: w.inQuery },
];
