import '@mantine/core/styles/NumberInput.css';
import { Button, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { generateApiBoundApiKey } from '../../client/devportal/sdk.gen';
import { ProblemView } from '../../kit/problem-view';
import { useRefresh } from '../use-api';
import { words } from '../words';

const of = words.application;

/** Makes an API key for one API; what it is made of is told once. */
export function ApiKeyCreate({ apiId, onMade }: { apiId: string; onMade: (secret: string) => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { keyName: of.defaultKeyName, keyType: 'PRODUCTION' as 'PRODUCTION' | 'SANDBOX', days: 0 as number | string },
    validate: { keyName: (value) => (value.trim() === '' ? words.access.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const made = useMutation({
    mutationFn: async ({ keyName, keyType, days }: typeof form.values) => {
      const validityPeriod = Number(days) > 0 ? Number(days) * DAY : -1;
      return (await generateApiBoundApiKey({ path: { apiId }, body: { keyName: keyName.trim(), keyType, validityPeriod } })).data;
    },
    onSuccess: ({ apikey = '' }) => {
      onMade(apikey);
      return refresh();
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
      <Stack gap="md" mb="lg">
        {made.isError ? <ProblemView thrown={made.error} /> : null}
        <Group align="end" gap="sm">
          <TextInput label={of.keyName} maxLength={60} {...form.getInputProps('keyName')} style={{ flex: '0 1 16rem' }} />
          <NativeSelect
            label={of.kind}
            data={[
              { value: 'PRODUCTION', label: of.production },
              { value: 'SANDBOX', label: of.sandbox },
            ]}
            {...form.getInputProps('keyType')}
          />
          <NumberInput
            label={words.secrets.days}
            description={words.secrets.daysHelp}
            min={0}
            allowDecimal={false}
            {...form.getInputProps('days')}
            w={190}
          />
          <Button type="submit" loading={made.isPending}>
            {of.generateKey}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Seconds. */
const DAY = 86_400;
