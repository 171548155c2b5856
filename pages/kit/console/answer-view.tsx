import { Alert, Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Badge } from '../badges';
import { CodeBlock, CopyText } from '../code-block';
import { Facts, Panel } from '../page-parts';
import { Problem } from '../problem';
import { ProblemView } from '../problem-view';
import { type Answer, codeOf, prettyOf } from './call';
import classes from './console.module.css';
import { limitsOf } from './limits';
import { words } from './words';

interface AnswerViewProps {
  answer: Answer | undefined;
  error: Error | null;
  isPending: boolean;
  /** Where the call is counted, for those who may look there. */
  statistics?: string;
}

/** What came back: status, time, size, body, limits in words, headers. */
export function AnswerView({ answer, error, isPending, statistics }: AnswerViewProps) {
  // Somebody stopped the call before there was an answer.
  const isFailed = error !== null && error.name !== 'AbortError';
  return (
    <Panel title={words.response}>
      <div aria-live="polite" aria-busy={isPending}>
        {error instanceof Problem ? <ProblemView thrown={error} /> : null}
        {isFailed && !(error instanceof Problem) ? (
          <Alert role="alert" color="red" title={words.unreachable}>
            {words.unreachableHelp}
          </Alert>
        ) : null}
        {!answer && !isFailed ? <Text c="dimmed">{isPending ? words.sending : words.waiting}</Text> : null}
        {answer ? <Reading answer={answer} statistics={statistics} /> : null}
      </div>
    </Panel>
  );
}

function Reading({ answer, statistics }: { answer: Answer; statistics?: string }) {
  const [view, setView] = useState('pretty');
  const limits = limitsOf(answer.headers);
  const code = codeOf(answer);
  return (
    <Stack gap="md">
      <div className={classes.status}>
        <Badge tone={toneOf(answer.status)} label={`${answer.status} ${answer.reason}`} />
        <span>{words.time(answer.durationMs)}</span>
        <span>{words.size(answer.bytes)}</span>
        {answer.state === 'whole' ? null : <Badge tone="cool" label={words.states[answer.state]} />}
        {code ? (
          <Anchor size="sm" href={`/docs/errors/${code}`} target="_blank">
            {words.explain(code)}
          </Anchor>
        ) : null}
        {statistics ? (
          <Anchor size="sm" href={statistics}>
            {words.statistics}
          </Anchor>
        ) : null}
      </div>
      {answer.text === '' ? (
        <Text c="dimmed">{answer.isText ? words.empty : words.binary}</Text>
      ) : (
        <>
          <SegmentedControl
            size="xs"
            aria-label={words.view}
            data={[
              { value: 'pretty', label: words.pretty },
              { value: 'raw', label: words.raw },
            ]}
            value={view}
            onChange={setView}
            style={{ alignSelf: 'start' }}
          />
          <CodeBlock text={view === 'pretty' ? prettyOf(answer.text) : answer.text} label={words.text} wrap={view === 'raw'} />
        </>
      )}
      {limits.length > 0 ? (
        <div>
          <h3 className={classes.part}>{words.limits}</h3>
          <Facts facts={limits.map((line) => [line.name, line.words])} />
        </div>
      ) : null}
      <Names headers={answer.headers} />
      <details className={classes.headers}>
        <summary>
          {words.headers} ({answer.headers.length})
        </summary>
        <Facts facts={answer.headers.map(([name, value]) => [name, <code key={name}>{value}</code>])} />
      </details>
    </Stack>
  );
}

/** By what the call is found again in statistics, traces and logs. */
function Names({ headers }: { headers: [string, string][] }) {
  const held = headers.flatMap(([name, value]) => {
    const help = words.nameHelp[name.toLowerCase() as keyof typeof words.nameHelp];
    return help ? [{ name, value, help }] : [];
  });
  if (held.length === 0) return null;
  return (
    <div>
      <h3 className={classes.part}>{words.names}</h3>
      <Facts
        facts={held.map(({ name, value, help }) => [
          name,
          <span key={name}>
            <CopyText text={value} label={name} />
            <Text size="sm" c="dimmed">
              {help}
            </Text>
          </span>,
        ])}
      />
    </div>
  );
}

function toneOf(status: number) {
  if (status < 300) return 'good';
  if (status < 400) return 'cool';
  return status < 500 ? 'warm' : 'bad';
}
