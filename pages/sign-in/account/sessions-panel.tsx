import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Badge } from '../../kit/badges';
import { ago } from '../../kit/format';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { endSession, type SessionRow, sessionsOptions } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';

export function SessionsPanel() {
  const sessions = useQuery(sessionsOptions);
  const queries = useQueryClient();
  const ended = useMutation({
    mutationFn: endSession,
    onSuccess: () => {
      done(words.ended);
      return queries.invalidateQueries(sessionsOptions);
    },
    onError: refused,
  });
  return (
    <Panel title={words.sessions}>
      <QueryView query={sessions}>
        {({ list }) => (
          <ul className={classes.rows}>
            {list.map((row) => (
              <li key={row.id}>
                <span className={classes.what}>
                  {nameOf(row.userAgent)}
                  <small>
                    {row.address}, {words.seen(ago(row.lastSeenAt))}
                  </small>
                </span>
                {row.isThis ? <Badge tone="good" label={words.thisOne} /> : <End row={row} isBusy={ended.isPending} onEnd={ended.mutate} />}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function End({ row, isBusy, onEnd }: { row: SessionRow; isBusy: boolean; onEnd: (id: string) => void }) {
  return (
    <Button variant="default" size="xs" disabled={isBusy} aria-label={words.endOf(nameOf(row.userAgent))} onClick={() => onEnd(row.id)}>
      {words.end}
    </Button>
  );
}

/** `Firefox on Linux`, as far as the browser tells; the order matters, since each names its forebears too. */
function nameOf(userAgent: string): string {
  const browser = [/Edg/, /OPR/, /Firefox/, /Chrome/, /Safari/].find((word) => word.test(userAgent));
  const system = [/Android/, /iPhone|iPad/, /Windows/, /Mac OS/, /Linux/].find((word) => word.test(userAgent));
  const name = { Edg: 'Edge', OPR: 'Opera' }[browser?.source ?? ''] ?? browser?.source ?? (userAgent.split(/[\s/]/)[0] || '–');
  return system ? `${name}, ${system.source === 'iPhone|iPad' ? 'iOS' : system.source}` : name;
}
