import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ago } from '../../kit/format';
import { Panel } from '../../kit/page-parts';
import { leaveTo, linksOptions, unlink, waysOptions } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';
import { Refused } from './fresh';

/** Other providers' accounts; nothing where there is no provider. */
export function LinksPanel() {
  const queries = useQueryClient();
  const offered = useQuery(waysOptions).data?.list ?? [];
  const linked = useQuery(linksOptions).data?.list ?? [];
  const left = useMutation({ mutationFn: (name: string) => leaveTo(name, '/account/', true) });
  const unlinked = useMutation({ mutationFn: unlink, onSuccess: () => queries.invalidateQueries(linksOptions) });
  const thrown = left.error ?? unlinked.error;
  if (offered.length === 0) return null;
  return (
    <Panel title={words.links} help={words.linksHelp}>
      {thrown ? <Refused thrown={thrown} /> : null}
      <ul className={classes.rows}>
        {offered.map(({ name, displayName }) => {
          const link = linked.find((link) => link.name === name);
          return (
            <li key={name}>
              <span className={classes.what}>
                {displayName}
                {link ? <small>{words.added(ago(link.createdAt))}</small> : null}
              </span>
              {link ? (
                <Button variant="default" size="xs" aria-label={words.unlinkOf(displayName)} onClick={() => unlinked.mutate(name)}>
                  {words.unlink}
                </Button>
              ) : (
                <Button variant="default" size="xs" onClick={() => left.mutate(name)}>
                  {words.link(displayName)}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
