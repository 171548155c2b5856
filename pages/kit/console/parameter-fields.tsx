import { NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { keyOf } from './call';
import type { Parameter } from './definition';
import { words } from './words';

interface ParameterFieldsProps {
  parameters: Parameter[];
  values: Record<string, string>;
  onChange: (key: string, value: string) => void;
}

export function ParameterFields({ parameters, values, onChange }: ParameterFieldsProps) {
  if (parameters.length === 0) return null;
  return (
    <Stack gap="sm">
      <Text size="sm" fw={560}>
        {words.parameters}
      </Text>
      {parameters.map((parameter) => (
        <ParameterField
          key={keyOf(parameter)}
          parameter={parameter}
          value={values[keyOf(parameter)] ?? ''}
          onChange={(value) => onChange(keyOf(parameter), value)}
        />
      ))}
    </Stack>
  );
}

function ParameterField({ parameter, value, onChange }: { parameter: Parameter; value: string; onChange: (value: string) => void }) {
  const shared = {
    label: `${parameter.name} · ${words[parameter.place].toLowerCase()}`,
    description: parameter.description || undefined,
    required: parameter.isRequired,
    value,
  };
  if (parameter.choices.length > 0) {
    const choices = parameter.isRequired ? parameter.choices : ['', ...parameter.choices];
    const options = [...new Set(choices)].map((choice) => ({ value: choice, label: choice || '–' }));
    return <NativeSelect {...shared} data={options} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  return <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />;
}
