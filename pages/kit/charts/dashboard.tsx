import { Link } from '@tanstack/react-router';
import { Panels } from '../page-parts';
import type { Range } from '../time-range';
import { useAddress } from '../use-address';
import { Adoption } from './adoption';
import type { Scope } from './ask';
import classes from './charts.module.css';
import { Cost } from './cost';
import { Cache, Clients, Throttling, Usage } from './groups';
import { Errors, Latency, Overview, Traffic } from './times';
import { words } from './words';

export type View = keyof typeof words.view;

export interface ViewProps {
  scope: Scope;
  range: Range;
}

/** All statistics of a scope, one view at a time; the address holds which. */
export function Dashboard({ scope, range, views = ALL }: ViewProps & { views?: View[] }) {
  const [search] = useAddress<{ view?: View }>();
  const view = views.find((known) => known === search.view) ?? 'overview';
  const Shown = VIEWS[view];
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a row that scrolls is reached by the keyboard. */}
      <nav className={classes.views} aria-label={words.views} tabIndex={0}>
        {views.map((name) => (
          <Link
            key={name}
            to="."
            search={((old: object) => ({ ...old, view: name === 'overview' ? undefined : name })) as never}
            className={classes.view}
            activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
            activeProps={NOTHING}
            data-shown={name === view || undefined}
            {...(name === view && { 'aria-current': 'page' as const })}
          >
            {words.view[name]}
          </Link>
        ))}
      </nav>
      <Panels>
        <Shown scope={scope} range={range} />
      </Panels>
    </>
  );
}

// Which view is shown is said here, and not by the address: without a word in it, it is the first.
const NOTHING = () => ({ 'aria-current': undefined });

const VIEWS: Record<View, (props: ViewProps) => React.ReactNode> = {
  overview: Overview,
  traffic: Traffic,
  errors: Errors,
  latency: Latency,
  throttling: Throttling,
  usage: Usage,
  clients: Clients,
  cache: Cache,
  adoption: Adoption,
  cost: Cost,
};

export const ALL = Object.keys(VIEWS) as View[];
/** What a consumer may ask. */
export const OF_CONSUMERS = ALL.filter((view) => view !== 'adoption');
