import { Anchor, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getEventsOptions } from '../../client/analytics/@tanstack/react-query.gen';
import type { Event } from '../../client/analytics/types.gen';
import { Badge } from '../../kit/badges';
import { EmptyState } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { useAddress } from '../../kit/use-address';
import { words } from '../words';

const w = words.requests;

const COLUMNS: Column<Event>[] = [
  { name: w.when, cell: ({ requestTimestamp }) => moment(requestTimestamp) },
  { name: w.api, cell: ({ apiName, apiVersion }) => [apiName, apiVersion].filter(Boolean).join(' ') || '–' },
  {
    name: w.call,
    cell: ({ apiMethod, apiResourceTemplate }) => (
      <code>
        {apiMethod} {apiResourceTemplate ?? ''}
      </code>
    ),
  },
  { name: w.status, cell: ({ proxyResponseCode = 0 }) => <Badge tone={toneOf(proxyResponseCode)} label={String(proxyResponseCode)} /> },
  { name: w.why, cell: whyOf },
  {
    name: w.took,
    cell: ({ responseLatency }) => (responseLatency === undefined ? '–' : w.milliseconds(Math.round(responseLatency))),
    end: true,
  },
  { name: w.request, cell: ({ correlationId }) => (correlationId ? <code title={correlationId}>{correlationId.slice(0, 8)}</code> : '–') },
];

/** The newest calls of an application, and why those failed that did. */
export function Requests({ applicationId }: { applicationId: string }) {
  const [search, setSearch] = useAddress<{ failed?: string; before?: string }>();
  const onlyErrors = search.failed === 'yes';
  const events = useQuery({
    ...getEventsOptions({ query: { applicationId, onlyErrors, before: search.before || undefined, limit: LIMIT } }),
    placeholderData: keepPreviousData,
    refetchInterval: search.before ? false : 5_000,
  });
  return (
    <Panel title={w.title} help={w.help}>
      <Stack gap="md">
        <Switch
          label={w.onlyErrors}
          checked={onlyErrors}
          onChange={(event) => setSearch({ failed: event.currentTarget.checked ? 'yes' : '', before: '' })}
        />
        <QueryView query={events}>
          {({ list }) =>
            list.length === 0 ? (
              <Nothing onlyErrors={onlyErrors} />
            ) : (
              <div>
                <ListTable
                  label={w.title}
                  columns={COLUMNS}
                  rows={list}
                  rowKey={(event) => `${event.requestTimestamp} ${event.correlationId}`}
                />
                <Group mt="md" gap="sm" justify="flex-end">
                  <Button variant="default" size="xs" disabled={!search.before} onClick={() => setSearch({ before: '' })}>
                    {w.newest}
                  </Button>
                  <Button
                    variant="default"
                    size="xs"
                    disabled={list.length < LIMIT}
                    onClick={() => setSearch({ before: list.at(-1)?.requestTimestamp })}
                  >
                    {w.older}
                  </Button>
                </Group>
              </div>
            )
          }
        </QueryView>
      </Stack>
    </Panel>
  );
}

function Nothing({ onlyErrors }: { onlyErrors: boolean }) {
  if (onlyErrors) return <Text c="dimmed">{w.noErrors}</Text>;
  return <EmptyState title={w.emptyTitle} help={w.emptyHelp} />;
}

/** The code of a refusal leads to its page. */
function whyOf({ errorCode, errorMessage }: Event) {
  if (!errorCode) return '–';
  return (
    <Anchor size="sm" href={`/docs/errors/${errorCode}`} target="_blank" title={errorMessage ?? undefined}>
      {w.code(errorCode)}
    </Anchor>
  );
}

function toneOf(status: number) {
  if (status < 300) return 'good';
  if (status < 400) return 'cool';
  return status < 500 ? 'warm' : 'bad';
}

const LIMIT = 25;
