import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getApplicationsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import type { ApplicationInfo } from '../../client/devportal/types.gen';
import { OF_CONSUMERS } from '../../kit/charts/dashboard';
import { Statistics } from '../../kit/charts/statistics-page';
import { words as charts } from '../../kit/charts/words';
import { EmptyState } from '../../kit/empty-state';
import { TextLink } from '../../kit/link-button';
import { QueryView } from '../../kit/query-view';
import { useAddress } from '../../kit/use-address';
import { paths } from '../paths';
import { words } from '../words';

/** What happens to the calls of one's own applications, whatever else one may see. */
export function StatisticsPage() {
  const applications = useQuery(getApplicationsOptions({ query: { limit: MOST } }));
  return <QueryView query={applications}>{({ list = [] }) => <Own applications={list} />}</QueryView>;
}

function Own({ applications }: { applications: ApplicationInfo[] }) {
  const [search, setSearch] = useAddress<{ application?: string }>();
  if (applications.length === 0) {
    return (
      <EmptyState
        isPage
        title={charts.noApplications}
        help={charts.leads.applications}
        action={<TextLink to={paths.applications()}>{words.nav.applications}</TextLink>}
      />
    );
  }
  const ids = applications.map(({ applicationId = '' }) => applicationId);
  const chosen = ids.includes(search.application ?? '') ? search.application : undefined;
  const choice = (
    <NativeSelect
      aria-label={charts.application}
      value={chosen ?? ''}
      onChange={(event) => setSearch({ application: event.currentTarget.value || undefined })}
      data={[
        { value: '', label: charts.allApplications },
        ...applications.map(({ applicationId = '', name = '' }) => ({ value: applicationId, label: name })),
      ]}
    />
  );
  return (
    <Statistics lead={charts.leads.applications} scope={{ applicationId: chosen ?? ids.join(',') }} views={OF_CONSUMERS} choice={choice} />
  );
}

const MOST = 100;
