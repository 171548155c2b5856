import { Anchor, Group } from '@mantine/core';
import type { UsageRow } from '../../client/analytics/types.gen';
import { MethodBadge } from '../badges';
import { locale } from '../language';
import { words } from './words';

/** What rows are called, by what they are grouped by. */
export const apiOf = (row: UsageRow) => (row.apiName ? `${row.apiName} ${row.apiVersion ?? ''}`.trim() : row.apiId || words.noApi);
export const applicationOf = (row: UsageRow) => row.applicationName || row.applicationId || words.noApplication;
export const planOf = (row: UsageRow) => row.plan || words.noPlan;
export const keyTypeOf = (row: UsageRow) => words.keyTypes[row.keyType ?? ''] ?? (row.keyType || words.unknown);
export const agentOf = (row: UsageRow) => row.agent || words.unknown;
export const classOf = (row: UsageRow) => row.statusClass ?? words.unknown;

export function countryOf(row: UsageRow): string {
  if (!row.country) return words.unknown;
  try {
    return COUNTRIES.of(row.country) ?? row.country;
  } catch {
    // No code of a country: a special one of the platform.
    return row.country;
  }
}

export function operationOf(row: UsageRow) {
  if (!row.template) return words.unmatched;
  return (
    <Group gap="sm" wrap="nowrap">
      <MethodBadge method={row.method} /> <code>{row.template}</code>
    </Group>
  );
}

export function causeOf(row: UsageRow) {
  const kind = words.errors.kinds[row.errorType ?? ''];
  if (!row.errorCode) return `${words.errors.upstream} · ${row.status ?? ''}`;
  return (
    <>
      <Anchor href={`/docs/errors/${row.errorCode}`} inherit style={{ textDecoration: 'underline' }}>
        {row.errorCode}
      </Anchor>{' '}
      {kind} · {words.errors.status} {row.status}
    </>
  );
}

const COUNTRIES = new Intl.DisplayNames(locale, { type: 'region' });
