import { Alert, Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import { Badge } from '../../kit/badges';
import { CodeBlock } from '../../kit/code-block';
import { Facts, Panel } from '../../kit/page-parts';
import { Problem } from '../../kit/problem';
import { ProblemView } from '../../kit/problem-view';
import { useSession } from '../../kit/session';
import { type Answer, codeOf, prettyOf } from '../call';
import { limitsOf } from '../limits';
import { words } from '../words';
import classes from './console.module.css';

interface AnswerViewProps {
  api: Api;
  answer: Answer | undefined;
  error: Error | null;
  isPending: boolean;
}

/** What came back: status, time, size, body, limits in words, headers. */
export function AnswerView({ api, answer, error, isPending }: AnswerViewProps) {
  const isFailed = error !== null;
  return (
    <Panel title={words.console.response}>
      <div aria-live="polite">
        {error instanceof Problem ? <ProblemView thrown={error} /> : null}
        {isFailed && !(error instanceof Problem) ? (
          <Alert role="alert" color="red" title={words.console.unreachable}>
            {words.console.unreachableHelp}
          </Alert>
        ) : null}
        {!answer && !isFailed ? <Text c="dimmed">{isPending ? words.console.sending : words.console.waiting}</Text> : null}
        {answer ? <Reading key={answer.durationMs + answer.text.length} api={api} answer={answer} /> : null}
      </div>
    </Panel>
  );
}

function Reading({ api, answer }: { api: Api; answer: Answer }) {
  const session = useSession();
  const [view, setView] = useState('pretty');
  const limits = limitsOf(answer.headers);
  const code = codeOf(answer);
  return (
    <Stack gap="md">
      <div className={classes.status}>
        <Badge tone={toneOf(answer.status)} label={`${answer.status} ${answer.reason}`} />
        <span>{words.console.time(answer.durationMs)}</span>
        <span>{words.console.size(answer.bytes)}</span>
        {code ? (
          <Anchor size="sm" href={`/docs/errors/${code}`} target="_blank">
            {words.console.explain(code)}
          </Anchor>
        ) : null}
        {session?.portals?.includes('publisher') ? (
          <Anchor size="sm" href={`/publisher/apis/${api.id}/statistics`}>
            {words.console.statistics}
          </Anchor>
        ) : null}
      </div>
      {answer.text === '' ? (
        <Text c="dimmed">{answer.isText ? words.console.empty : words.console.binary}</Text>
      ) : (
        <>
          <SegmentedControl
            size="xs"
            aria-label={words.console.view}
            data={[
              { value: 'pretty', label: words.console.pretty },
              { value: 'raw', label: words.console.raw },
            ]}
            value={view}
            onChange={setView}
            style={{ alignSelf: 'start' }}
          />
          <CodeBlock text={view === 'pretty' ? prettyOf(answer.text) : answer.text} label={words.console.text} wrap={view === 'raw'} />
        </>
      )}
      {limits.length > 0 ? (
        <div>
          <h3 className={classes.part}>{words.console.limits}</h3>
          <Facts facts={limits.map((line) => [line.name, line.words])} />
        </div>
      ) : null}
      <details className={classes.headers}>
        <summary>
          {words.console.headers} ({answer.headers.length})
        </summary>
        <Facts facts={answer.headers.map(([name, value]) => [name, <code key={name}>{value}</code>])} />
      </details>
    </Stack>
  );
}

function toneOf(status: number) {
  if (status < 300) return 'good';
  if (status < 400) return 'cool';
  return status < 500 ? 'warm' : 'bad';
}
