import { Alert, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CodeBlock } from './code-block';
import { words } from './words';

/** A secret at the only time that it can be seen. */
export function SecretView({ label, secret }: { label: string; secret: string }) {
  return (
    <div>
      <Text size="sm" fw={560} mb={6}>
        {label}
      </Text>
      <CodeBlock text={secret} label={label} wrap />
      <Alert color="ochre" variant="light" radius="md" mt="xs" p="xs" icon={<IconKey size={18} />}>
        {words.shownOnce} {words.secretWarning}
      </Alert>
    </div>
  );
}
