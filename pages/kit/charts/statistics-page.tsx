import type { ReactNode } from 'react';
import { PageHeader } from '../page-parts';
import { type Range, rangeOf, TimeRange } from '../time-range';
import { useAddress } from '../use-address';
import { words as kit } from '../words';
import type { Scope } from './ask';
import { Dashboard, type View } from './dashboard';

interface StatisticsProps {
  lead: string;
  scope?: Scope;
  views?: View[];
  /** What narrows the scope. */
  choice?: ReactNode;
}

/** A page of nothing but statistics. */
export function Statistics({ lead, scope = {}, views, choice }: StatisticsProps) {
  const [search, setSearch] = useAddress<{ range?: Range }>();
  const range = rangeOf(search.range);
  return (
    <>
      <PageHeader
        title={kit.statistics}
        lead={lead}
        actions={
          <>
            {choice}
            <TimeRange value={range} onChange={(next) => setSearch({ range: next })} />
          </>
        }
      />
      <Dashboard scope={scope} range={range} views={views} />
    </>
  );
}
