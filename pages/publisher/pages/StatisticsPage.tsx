import { Dashboard } from '../../kit/charts/dashboard';
import { type Range, rangeOf, TimeRange } from '../../kit/time-range';
import { useAddress } from '../../kit/use-address';
import { ApiHeading } from '../api-heading';
import { useApiId } from '../use-api';
import { words } from '../words';

/** What happens to the calls of one API. */
export function StatisticsPage() {
  const apiId = useApiId();
  const [search, setSearch] = useAddress<{ range?: Range }>();
  const range = rangeOf(search.range);
  return (
    <>
      <ApiHeading
        title={words.statistics.title}
        lead={words.statistics.lead}
        actions={<TimeRange value={range} onChange={(next) => setSearch({ range: next })} />}
      />
      <Dashboard scope={{ apiId }} range={range} />
    </>
  );
}
