import { Group, NumberInput, Select } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import type { UseFormReturnType } from '@mantine/form';
import { words } from '../words';
import type { AccessValues } from './access-values';

const w = words.upstream;

/** What is done when an address is slow or fails. */
export function CareFields({ form }: { form: UseFormReturnType<AccessValues> }) {
  const field = (name: 'timeout' | 'retries' | 'suspend', most: number) => (
    <NumberInput
      label={w[name]}
      description={w[`${name}Help`]}
      min={0}
      max={most}
      allowDecimal={false}
      {...form.getInputProps(`endpoint.${name}`)}
      style={{ flex: '1 1 11rem' }}
    />
  );
  return (
    <Group gap="md" align="start">
      {field('timeout', 300_000)}
      {field('retries', 10)}
      {field('suspend', 86_400_000)}
      {form.values.endpoint.type === 'load_balance' ? (
        <Select
          label={w.session}
          description={w.sessionHelp}
          data={Object.entries(w.sessions).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('endpoint.session')}
          style={{ flex: '1 1 11rem' }}
        />
      ) : null}
    </Group>
  );
}
