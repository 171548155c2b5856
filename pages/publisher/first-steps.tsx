import { Button, Group } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getUsageOptions } from '../client/analytics/@tanstack/react-query.gen';
import { getAllApisOptions } from '../client/publisher/@tanstack/react-query.gen';
import type { ApiInfo } from '../client/publisher/types.gen';
import { Panel } from '../kit/page-parts';
import { spanOf } from '../kit/time-range';
import { paths } from './paths';
import type { Step } from './progress';
import { Stepper } from './stepper';
import { words } from './words';

/** How far the first API has come, until its first call is counted or the person has seen enough. */
export function FirstSteps() {
  const [isHidden, hide] = useLocalStorage({ key: 'postern-first-steps-hidden', defaultValue: false, getInitialValueInEffect: false });
  const newest = useQuery({
    ...getAllApisOptions({ query: { limit: 3, offset: 0, sortBy: 'createdTime', sortOrder: 'desc' } }),
    enabled: !isHidden,
  });
  const { from, to } = spanOf('week', Math.floor(Date.now() / 60_000) * 60_000);
  const usage = useQuery({ ...getUsageOptions({ query: { from, to } }), enabled: !isHidden });
  const api = newest.data?.list[0];
  const hasCalls = (usage.data?.list[0]?.requests ?? 0) > 0;
  // Whoever has several APIs knows the way.
  if (isHidden || !api || usage.isPending || hasCalls || newest.data?.list.length === 3) return null;
  return (
    <Panel
      title={words.first.title}
      actions={
        <Button size="xs" variant="subtle" color="gray" onClick={() => hide(true)}>
          {words.first.hide}
        </Button>
      }
    >
      <Stepper label={words.first.title} steps={stepsOf(api)} />
      <Group mt="md">
        <Button component="a" href={`/devportal/apis/${api.id}/console`} disabled={api.lifeCycleStatus !== 'PUBLISHED'}>
          {words.overview.tryIt}
        </Button>
      </Group>
    </Panel>
  );
}

function stepsOf(api: ApiInfo): Step[] {
  const id = api.id ?? '';
  const isPublished = api.lifeCycleStatus === 'PUBLISHED';
  return [
    { name: words.first.import, note: api.displayName || api.name || '', isDone: true, to: paths.api(id) },
    {
      name: words.first.publish,
      note: isPublished ? words.overview.publishDone : words.overview.publishOpen,
      isDone: isPublished,
      to: paths.api(id),
    },
    { name: words.first.call, note: words.first.callOpen, isDone: false, to: paths.statistics(id) },
  ];
}
