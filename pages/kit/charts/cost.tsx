import { useQuery } from '@tanstack/react-query';
import { getBilledUsage } from '../../client/analytics/sdk.gen';
import type { BilledSubscription } from '../../client/analytics/types.gen';
import { count } from '../format';
import { locale } from '../language';
import { type Column, ListTable } from '../list-table';
import { Panel } from '../page-parts';
import { QueryView } from '../query-view';
import type { ViewProps } from './dashboard';
import { words } from './words';

/** What the subscriptions of this month cost, and by what it is reckoned. */
export function Cost({ scope }: ViewProps) {
  const now = new Date();
  const month = now.toISOString().slice(0, 7);
  const billed = useQuery({
    queryKey: ['billing', month],
    queryFn: async () => (await getBilledUsage({ query: { month, limit: MOST } })).data.list,
  });
  const isWanted = ({ apiId, applicationId }: BilledSubscription) =>
    (scope.apiId ?? apiId) === apiId && (scope.applicationId?.split(',').includes(applicationId ?? '') ?? true);
  return (
    <Panel title={words.cost.title(MONTH.format(now))} help={words.cost.help}>
      <QueryView query={billed}>{(list) => <Subscriptions rows={list.filter(isWanted)} title={MONTH.format(now)} />}</QueryView>
    </Panel>
  );
}

function Subscriptions({ rows, title }: { rows: BilledSubscription[]; title: string }) {
  if (rows.length === 0) return <p>{words.cost.none}</p>;
  return <ListTable label={words.cost.title(title)} columns={COLUMNS} rows={rows} rowKey={(row) => row.subscriptionId ?? ''} />;
}

const COLUMNS: Column<BilledSubscription>[] = [
  { name: words.application, cell: (row) => row.applicationName },
  { name: words.api, cell: (row) => `${row.apiName} ${row.apiVersion}` },
  { name: words.plan, cell: (row) => row.plan },
  { name: words.cost.billed, cell: (row) => count(row.billed ?? 0), end: true },
  { name: words.cost.debited, cell: (row) => (row.debited === undefined ? '–' : count(row.debited)), end: true },
  { name: words.cost.difference, cell: (row) => (row.difference === undefined ? '–' : count(row.difference)), end: true },
  { name: words.cost.amount, cell: amount, end: true },
];

function amount({ invoice }: BilledSubscription): string {
  if (!invoice?.currency || invoice.totalMinor === undefined) return words.cost.free;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: invoice.currency.toUpperCase() });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(invoice.totalMinor / 10 ** digits);
}

const MOST = 500;
const MONTH = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
