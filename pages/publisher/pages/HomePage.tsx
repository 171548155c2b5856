import { Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getUsageOptions } from '../../client/analytics/@tanstack/react-query.gen';
import { getAllApisOptions } from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { ago } from '../../kit/format';
import { LinkButton, TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { spanOf } from '../../kit/time-range';
import { UsageFigures } from '../../kit/usage-view';
import { FirstSteps } from '../first-steps';
import { NoApis } from '../home/no-apis';
import { Waiting } from '../home/waiting';
import { paths } from '../paths';
import { words } from '../words';

const w = words.home;

/** What a publisher looks at first. */
export function HomePage() {
  const newest = useQuery(getAllApisOptions({ query: { limit: NEWEST, offset: 0, sortBy: 'createdTime', sortOrder: 'desc' } }));
  const isFirstRun = newest.data?.count === 0;
  return (
    <>
      <PageHeader
        title={w.title}
        lead={w.lead}
        actions={
          isFirstRun ? null : (
            <LinkButton to={paths.importApi()} leftSection={<IconUpload size={17} />}>
              {words.apis.import}
            </LinkButton>
          )
        }
      />
      <QueryView query={newest}>
        {({ list }) =>
          list.length === 0 ? (
            <NoApis />
          ) : (
            <Panels>
              <FirstSteps />
              <Panels halves>
                <Waiting apis={list} />
                <LastDay />
              </Panels>
              <Panel title={w.newest} actions={<TextLink to={paths.apis()}>{w.allApis}</TextLink>}>
                <ListTable label={w.newest} columns={COLUMNS} rows={list} rowKey={({ id = '' }) => id} />
              </Panel>
            </Panels>
          )
        }
      </QueryView>
    </>
  );
}

function LastDay() {
  const { from, to } = spanOf('day', Math.floor(Date.now() / 60_000) * 60_000);
  const usage = useQuery(getUsageOptions({ query: { from, to } }));
  return (
    <Panel title={w.day} actions={<TextLink to={paths.allStatistics()}>{w.statistics}</TextLink>}>
      <QueryView query={usage}>
        {({ list }) => (list[0]?.requests ? <UsageFigures total={list[0]} /> : <Text c="dimmed">{w.noCalls}</Text>)}
      </QueryView>
    </Panel>
  );
}

const COLUMNS: Column<ApiInfo>[] = [
  { name: words.apis.name, cell: ({ id = '', displayName, name }) => <TextLink to={paths.api(id)}>{displayName || name}</TextLink> },
  { name: words.apis.version, cell: ({ version }) => version },
  { name: words.apis.state, cell: ({ lifeCycleStatus }) => <StateBadge state={lifeCycleStatus} /> },
  { name: words.apis.updated, cell: ({ updatedTime, createdTime }) => ago(updatedTime ?? createdTime), end: true },
];
const NEWEST = 5;
