import { Alert, Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { systemScopesScopeNameGet } from '../../client/admin/sdk.gen';
import { Panel } from '../../kit/page-parts';
import { asProblem } from '../../kit/problem';
import { ProblemView } from '../../kit/problem-view';
import { words } from '../words';

const w = words.rights;

interface Question {
  username: string;
  scopeName: string;
}

/** Whether a person may be granted a scope, as the platform itself decides it. */
export function RightsCheck({ scopes }: { scopes: string[] }) {
  const [username, setUsername] = useState('');
  const [scopeName, setScopeName] = useState<string | null>(null);
  const asked = useMutation({ mutationFn: mayBeGranted });
  function ask(event: FormEvent) {
    event.preventDefault();
    if (username.trim() && scopeName) asked.mutate({ username: username.trim(), scopeName });
  }
  const question = asked.variables;
  return (
    <Panel title={w.check} help={w.checkHelp}>
      <form onSubmit={ask}>
        <Group gap="sm" align="end">
          <TextInput label={w.person} value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
          <Select label={w.scope} data={scopes} searchable limit={100} value={scopeName} onChange={setScopeName} w={300} maw="100%" />
          <Button type="submit" loading={asked.isPending} disabled={!username.trim() || !scopeName}>
            {w.ask}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {asked.isError ? <ProblemView thrown={asked.error} /> : null}
        {asked.data !== undefined && question ? (
          <Alert color={asked.data ? 'patina' : 'ochre'} radius="md" mt="md">
            {asked.data ? w.may(question.username, question.scopeName) : w.mayNot(question.username, question.scopeName)}
          </Alert>
        ) : null}
      </div>
    </Panel>
  );
}

/** 404 is the platform's no. */
async function mayBeGranted({ username, scopeName }: Question): Promise<boolean> {
  try {
    await systemScopesScopeNameGet({ path: { scopeName }, query: { username } });
    return true;
  } catch (thrown) {
    if (asProblem(thrown).status === 404) return false;
    throw thrown;
  }
}
