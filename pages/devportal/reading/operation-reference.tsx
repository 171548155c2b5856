import { Group, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import type { Api } from '../../client/devportal/types.gen';
import { Badge, MethodBadge } from '../../kit/badges';
import { addressOf, headersOf, keyOf, startOf } from '../../kit/console/call';
import { CodeSamples } from '../../kit/console/code-samples';
import type { Operation, Parameter } from '../../kit/console/definition';
import { referenceOf } from '../../kit/console/reference';
import classes from '../../kit/console/reference.module.css';
import { ShapeView } from '../../kit/console/shape-view';
import { words as consoleWords } from '../../kit/console/words';
import { LinkButton } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel, Panels } from '../../kit/page-parts';
import { ProseView } from '../../kit/prose-view';
import { takesKey, takesToken } from '../access';
import { credentialHeader } from '../credential';
import { paths } from '../paths';
import { baseOf } from '../use-api';
import { words } from '../words';

const w = words.reference;

interface ReferenceProps {
  api: Api;
  definition: unknown;
  operation: Operation;
}

/** What one operation takes, what it answers, and how it is called. */
export function OperationReference({ api, definition, operation }: ReferenceProps) {
  const reference = referenceOf(definition, operation);
  return (
    <Panels>
      <Panel>
        <Group gap="sm" mb="sm">
          <MethodBadge method={operation.method} />
          <code>{operation.path}</code>
        </Group>
        <h2>{operation.summary || operation.id}</h2>
        {operation.description ? <ProseView text={operation.description} /> : null}
        <Group mt="md">
          <LinkButton to={paths.console(api.id ?? '')} search={{ operation: operation.id }} leftSection={<IconPlayerPlay size={17} />}>
            {consoleWords.tryIt}
          </LinkButton>
        </Group>
      </Panel>
      {operation.parameters.length > 0 ? (
        <Panel title={w.parameters}>
          <ListTable label={w.parameters} columns={COLUMNS} rows={operation.parameters} rowKey={keyOf} />
        </Panel>
      ) : null}
      {reference.body ? (
        <Panel title={w.body}>
          <ShapeView shape={reference.body} label={w.body} />
        </Panel>
      ) : null}
      {operation.parameters.length === 0 && !reference.body ? <Text c="dimmed">{w.nothing}</Text> : null}
      <Panel title={consoleWords.answers}>
        {reference.answers.map(({ status, description, shape }, index) => (
          <details key={status} className={classes.answer} open={index === 0}>
            <summary>
              <Badge tone={TONES[status[0] ?? ''] ?? 'calm'} label={status} /> {description}
            </summary>
            <div>{shape ? <ShapeView shape={shape} label={`${w.body} ${status}`} /> : <Text c="dimmed">–</Text>}</div>
          </details>
        ))}
      </Panel>
      <Panel title={w.code}>
        <CodeSamples call={callOf(api, operation)} label={w.code} />
      </Panel>
    </Panels>
  );
}

function callOf(api: Api, operation: Operation) {
  const values = startOf(operation);
  const kind = takesKey(api) ? 'key' : takesToken(api) ? 'token' : 'none';
  const secret = kind === 'key' ? words.api.yourKey : words.api.yourToken;
  return {
    method: operation.method,
    url: addressOf(baseOf(api), operation, values),
    headers: [...headersOf(operation, values), ...credentialHeader(api, kind, secret)],
    body: operation.body ? values.body : undefined,
  };
}

const COLUMNS: Column<Parameter>[] = [
  {
    name: w.name,
    cell: ({ name, isRequired }) => (
      <>
        <code>{name}</code> {isRequired ? <span className={classes.required}>{consoleWords.required}</span> : null}
      </>
    ),
  },
  { name: w.place, cell: ({ place }) => consoleWords[place] },
  { name: w.meaning, cell: ({ description }) => description || '–' },
  { name: w.choices, cell: ({ choices, example }) => choices.join(', ') || example || '–' },
];
const TONES: Record<string, 'good' | 'cool' | 'warm' | 'bad'> = { '2': 'good', '3': 'cool', '4': 'warm', '5': 'bad' };
