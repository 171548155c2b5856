import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { moment } from '../../kit/format';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { consentsOptions, withdrawConsent } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';

export function ConsentsPanel() {
  const consents = useQuery(consentsOptions);
  const queries = useQueryClient();
  const withdrawn = useMutation({
    mutationFn: withdrawConsent,
    onSuccess: () => {
      done(words.withdrawn);
      return queries.invalidateQueries(consentsOptions);
    },
    onError: refused,
  });
  return (
    <Panel title={words.consents} help={words.consentsHelp}>
      <QueryView query={consents}>
        {({ list }) =>
          list.length === 0 ? (
            <p className={classes.state}>{words.noConsents}</p>
          ) : (
            <ul className={classes.rows}>
              {list.map(({ clientId, clientName, scopes, grantedAt }) => (
                <li key={clientId}>
                  <span className={classes.what}>
                    {clientName}
                    <small>
                      {scopes.join(', ')}
                      {scopes.length > 0 ? '; ' : ''}
                      {moment(grantedAt)}
                    </small>
                  </span>
                  <Button
                    variant="default"
                    size="xs"
                    disabled={withdrawn.isPending}
                    aria-label={words.withdrawOf(clientName)}
                    onClick={() => withdrawn.mutate(clientId)}
                  >
                    {words.withdraw}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}
