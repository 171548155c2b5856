import '@mantine/core/styles/Rating.css';
import { Button, Group, Rating, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getApiRatingsOptions, getUserRatingOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { deleteUserRating, putUserRating } from '../../client/devportal/sdk.gen';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { useSession } from '../../kit/session';
import { done, refused } from '../../kit/toast';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.talk;

/** The mean of all ratings, and one's own. */
export function RatingPanel({ apiId }: { apiId: string }) {
  const session = useSession();
  const ratings = useQuery(getApiRatingsOptions({ path: { apiId }, query: { limit: 1 } }));
  return (
    <Panel title={w.rating}>
      <QueryView query={ratings}>
        {({ avgRating, pagination, count }) => {
          const total = pagination?.total ?? count ?? 0;
          return (
            <Group gap="xl">
              {total === 0 ? (
                <Text c="dimmed">{w.unrated}</Text>
              ) : (
                <Group gap="xs">
                  <Rating readOnly fractions={2} value={Number(avgRating)} role="img" aria-label={w.mean(avgRating ?? '')} />
                  <Text size="sm">
                    {w.mean(avgRating ?? '')}, {w.count(total)}
                  </Text>
                </Group>
              )}
              {session?.signedIn ? <Own apiId={apiId} /> : null}
            </Group>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function Own({ apiId }: { apiId: string }) {
  const path = { apiId };
  const refresh = useRefresh();
  const own = useQuery(getUserRatingOptions({ path }));
  const given = own.data?.rating ?? 0;
  const rated = useMutation({
    mutationFn: async (rating: number) => {
      if (rating > 0) await putUserRating({ path, body: { rating } });
      else await deleteUserRating({ path });
    },
    onSuccess: async (_, rating) => {
      await refresh();
      if (rating > 0) done(w.rated);
    },
    onError: refused,
  });
  return (
    <Group gap="xs">
      <Text size="sm" fw={560} id="own-rating">
        {w.yours}
      </Text>
      <Rating value={given} onChange={(rating) => rated.mutate(rating)} getSymbolLabel={w.stars} aria-labelledby="own-rating" />
      {given > 0 ? (
        <Button size="compact-xs" variant="subtle" loading={rated.isPending} onClick={() => rated.mutate(0)}>
          {w.takeBack}
        </Button>
      ) : null}
    </Group>
  );
}
