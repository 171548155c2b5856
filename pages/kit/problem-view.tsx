import { Alert, Anchor, Button, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { CopyText } from './code-block';
import { Coded } from './coded';
import { asProblem, sayingsOf } from './problem';
import { words } from './words';

/** The one way in which a page shows a refusal: title, reason, every fault, and where the code is explained. */
export function ProblemView({ thrown, onRetry }: { thrown: unknown; onRetry?: () => void }) {
  const problem = asProblem(thrown);
  const { detail, faults } = sayingsOf(problem);
  return (
    <Alert role="alert" color="red" radius="md" title={problem.title} icon={<IconAlertTriangle size={20} />}>
      {detail ? (
        <Text size="sm">
          <Coded text={detail} />
        </Text>
      ) : null}
      {faults.length > 0 ? (
        <List size="sm" mt={detail ? 'xs' : 0}>
          {faults.map((fault) => (
            <List.Item key={fault}>
              <Coded text={fault} />
            </List.Item>
          ))}
        </List>
      ) : null}
      {problem.requestId ? (
        <Text size="sm" mt="xs">
          {words.requestId}: <CopyText text={problem.requestId} label={words.requestId} />
        </Text>
      ) : null}
      {problem.code || onRetry ? (
        <Group mt="sm" gap="md">
          {onRetry ? (
            <Button size="xs" variant="default" onClick={onRetry}>
              {words.retry}
            </Button>
          ) : null}
          {problem.page.startsWith('/docs/') ? (
            <Anchor size="sm" href={problem.page} target="_blank" c="inherit" underline="always">
              {words.errorCode(problem.code)}: {words.explained}
            </Anchor>
          ) : null}
        </Group>
      ) : null}
    </Alert>
  );
}
