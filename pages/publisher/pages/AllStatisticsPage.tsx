import { Statistics } from '../../kit/charts/statistics-page';
import { words } from '../../kit/charts/words';

/** What happens to the calls of all APIs. */
export function AllStatisticsPage() {
  return <Statistics lead={words.leads.apis} />;
}
