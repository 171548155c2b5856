import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { OperationPolicySpecAttribute } from '../../client/publisher/types.gen';
import type { Wrong } from './lanes';
import { words } from './words';

interface AttributeFieldProps {
  attribute: OperationPolicySpecAttribute;
  value: string;
  error?: Wrong;
  onChange: (value: string) => void;
}

/** The field of a parameter, by what its policy says of it. */
export function AttributeField({ attribute, value, error, onChange }: AttributeFieldProps) {
  const { name = '', displayName, type, required = false, allowedValues = [], validationRegex, defaultValue } = attribute;
  const label = displayName || name;
  const common = { label, required, error: error && words.wrong[error] };
  if (type === 'Boolean') {
    return <Checkbox label={label} checked={value === 'true'} onChange={(event) => onChange(String(event.currentTarget.checked))} />;
  }
  if (allowedValues.length > 0) {
    const data = required && value !== '' ? allowedValues : ['', ...allowedValues];
    return <NativeSelect {...common} data={data} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  const told = {
    ...common,
    description: validationRegex ? words.pattern(validationRegex) : undefined,
    placeholder: defaultValue,
    value,
    spellCheck: false,
  };
  if (LONG.has(name) || value.includes('\n')) {
    return <Textarea {...told} autosize minRows={4} maxRows={16} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  return (
    <TextInput
      {...told}
      inputMode={type === 'Integer' ? 'numeric' : undefined}
      autoCapitalize="none"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Parameters of the catalogue that have more than one line. */
const LONG = new Set(['template', 'body']);
