import { Stack, Text } from '@mantine/core';
import type { ApiRevision, ApiRevisionDeployment } from '../client/publisher/types.gen';
import { Badge } from '../kit/badges';
import { Coded } from '../kit/coded';
import { words } from './words';

/** Where a revision runs, and how far the gateways there are with it. */
export function Places({ revision }: { revision: ApiRevision }) {
  const places = revision.deploymentInfo ?? [];
  if (places.length === 0) return words.revisions.nowhere;
  return (
    <Stack gap={6}>
      {places.map((place) => (
        <Place key={place.name} place={place} />
      ))}
    </Stack>
  );
}

/** May there soon be more to say of one of them: is a gateway behind, or is none there yet? */
export function isUnderWay(revisions: ApiRevision[]): boolean {
  return revisions.some(({ deploymentInfo }) =>
    (deploymentInfo ?? []).some((place) => place.liveGatewayCount === 0 || waitingOf(place) > 0),
  );
}

function Place({ place }: { place: ApiRevisionDeployment }) {
  const { liveGatewayCount: live, deployedGatewayCount: deployed = 0, failedGateways: failed = [] } = place;
  const tone = failed.length > 0 ? 'bad' : waitingOf(place) > 0 ? 'warm' : 'good';
  return (
    <div>
      <Badge tone={tone} label={place.name ?? ''} />
      {live === undefined ? null : (
        <Text size="xs" c="dimmed">
          {live === 0 ? words.revisions.noGateway : words.revisions.onGateways(deployed, live)}
        </Text>
      )}
      {failed.map(({ gatewayId, reason }) => (
        <Text key={gatewayId} size="xs" c="var(--mantine-color-error)">
          <Coded text={words.revisions.failedOn(gatewayId, reason)} />
        </Text>
      ))}
    </div>
  );
}

function waitingOf({
  liveGatewayCount: live = 0,
  deployedGatewayCount: deployed = 0,
  failedGatewayCount: failed = 0,
}: ApiRevisionDeployment) {
  return live - deployed - failed;
}
