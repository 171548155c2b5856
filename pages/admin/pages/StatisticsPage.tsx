import { Statistics } from '../../kit/charts/statistics-page';
import { words } from '../../kit/charts/words';

/** What happens to all calls of the organization. */
export function StatisticsPage() {
  return <Statistics lead={words.leads.all} />;
}
