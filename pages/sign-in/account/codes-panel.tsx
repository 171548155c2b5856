import { Button } from '@mantine/core';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SecretView } from '../../kit/secret-view';
import { type Factors, renewRecoveryCodes } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';
import { Refused } from './fresh';

export function CodesPanel({ factors }: { factors: UseQueryResult<Factors> }) {
  const queries = useQueryClient();
  const renewed = useMutation({ mutationFn: renewRecoveryCodes, onSuccess: () => queries.invalidateQueries() });
  return (
    <Panel title={words.codes} help={words.codesHelp}>
      {renewed.data ? (
        <SecretView label={words.theCodes} secret={renewed.data.codes.join('\n')} />
      ) : (
        <>
          <QueryView query={factors}>
            {({ recoveryCodes }) => (
              <p className={classes.state}>
                {words.codesLeft(recoveryCodes)} {recoveryCodes > 0 ? words.renewCodesBody : ''}
              </p>
            )}
          </QueryView>
          {renewed.isError ? <Refused thrown={renewed.error} /> : null}
          <Button variant="default" loading={renewed.isPending} onClick={() => renewed.mutate()}>
            {words.renewCodes}
          </Button>
        </>
      )}
    </Panel>
  );
}
