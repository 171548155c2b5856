import { Button, Group, Text } from '@mantine/core';
import { IconExternalLink, IconFileExport, IconPlayerPlay, IconRocket } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getUsageOptions } from '../../client/analytics/@tanstack/react-query.gen';
import { CopyText } from '../../kit/code-block';
import { ago } from '../../kit/format';
import { TextLink } from '../../kit/link-button';
import { Facts, Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { spanOf } from '../../kit/time-range';
import { done } from '../../kit/toast';
import { UsageFigures } from '../../kit/usage-view';
import { ApiHeading } from '../api-heading';
import { deployAndPublish } from '../deploy';
import { paths } from '../paths';
import { progressOf, schemesOf } from '../progress';
import { Stepper } from '../stepper';
import { useDeployments, useSubjectPlace } from '../subject';
import { addressOf, endpointOf, useApi, useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';

export function OverviewPage() {
  const api = useApi();
  const apiId = api.id ?? '';
  const { calls } = useSubjectPlace();
  const deployments = useDeployments();
  const environment = useEnvironment();
  const refresh = useRefresh();
  const names = (deployments.data?.list ?? []).map((deployment) => deployment.name ?? '');
  const progress = progressOf(api, names);
  const deployed = useMutation({
    mutationFn: () => deployAndPublish(calls, { id: apiId, state: api.lifeCycleStatus }, environment),
    onSuccess: async () => {
      await refresh();
      done(progress.isPublished ? words.overview.redeployed : words.overview.deployed);
    },
  });
  return (
    <>
      <ApiHeading
        lead={api.description ? firstSentence(api.description) : undefined}
        actions={
          <>
            <PortalLink isShown={progress.isPublished} apiId={apiId} />
            <Button
              component="a"
              href={`/api/am/publisher/v4/apis/export?apiId=${apiId}`}
              download
              variant="default"
              leftSection={<IconFileExport size={17} />}
            >
              {words.archive.export}
            </Button>
          </>
        }
      />
      <Panels>
        <Panel title={words.overview.stepper}>
          <Stepper label={words.overview.stepper} steps={progress.steps} />
          {deployed.isError ? <ProblemView thrown={deployed.error} /> : null}
          <Group mt="md" gap="md">
            <Button
              size="md"
              variant={progress.isPublished && progress.isDeployed ? 'default' : 'filled'}
              leftSection={<IconRocket size={18} />}
              disabled={progress.blocker !== undefined}
              loading={deployed.isPending}
              onClick={() => deployed.mutate()}
            >
              {progress.isPublished ? words.overview.deployOnly : words.overview.button}
            </Button>
            {progress.blocker ? (
              <Text size="sm">
                <TextLink to={progress.blocker.to}>{progress.blocker.reason}</TextLink>
              </Text>
            ) : null}
          </Group>
        </Panel>
        <LastDay apiId={apiId} />
        <Panel title={words.overview.facts}>
          <Facts
            facts={[
              [
                words.overview.gateway,
                progress.isDeployed ? (
                  <CopyText key="gateway" text={addressOf(api)} label={words.overview.gateway} />
                ) : (
                  words.overview.notDeployed
                ),
              ],
              [words.overview.version, api.version],
              [words.overview.context, <code key="context">{api.context}</code>],
              [words.overview.upstream, endpointOf(api, 'production') || words.overview.none],
              [words.overview.security, schemesOf(api) || words.overview.none],
              [words.overview.plans, api.policies?.join(', ') || words.overview.noPlans],
              [words.overview.owner, api.provider ?? '–'],
              [words.overview.changed, ago(api.lastUpdatedTimestamp ?? api.lastUpdatedTime)],
            ]}
          />
        </Panel>
      </Panels>
    </>
  );
}

function PortalLink({ isShown, apiId }: { isShown: boolean; apiId: string }) {
  if (!isShown) return null;
  return (
    <>
      <Button component="a" href={`/devportal/apis/${apiId}/console`} leftSection={<IconPlayerPlay size={17} />}>
        {words.overview.tryIt}
      </Button>
      <Button component="a" href={`/devportal/apis/${apiId}`} variant="default" leftSection={<IconExternalLink size={17} />}>
        {words.overview.openPortal}
      </Button>
    </>
  );
}

function LastDay({ apiId }: { apiId: string }) {
  const { from, to } = spanOf('day', Math.floor(Date.now() / 60_000) * 60_000);
  const usage = useQuery(getUsageOptions({ query: { apiId, from, to } }));
  if (!usage.data?.list[0]?.requests) return null;
  return (
    <Panel title={words.overview.lastDay} actions={<TextLink to={paths.statistics(apiId)}>{words.overview.allStatistics}</TextLink>}>
      <UsageFigures total={usage.data.list[0]} />
    </Panel>
  );
}

function firstSentence(text: string): string {
  const end = text.search(/[.!?](\s|$)/);
  return text.slice(0, end < 0 || end > 220 ? 220 : end + 1);
}
