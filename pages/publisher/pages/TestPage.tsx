import { Alert, PasswordInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getApiSwaggerOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { generateInternalApiKey } from '../../client/publisher/sdk.gen';
import { Caller } from '../../kit/console/caller';
import { operationsOf } from '../../kit/console/definition';
import { OperationPicker } from '../../kit/console/operation-picker';
import { TextLink } from '../../kit/link-button';
import { QueryView } from '../../kit/query-view';
import { ApiHeading } from '../api-heading';
import { paths } from '../paths';
import { useDeployments } from '../subject';
import { addressOf, useApi } from '../use-api';
import { words } from '../words';

const w = words.test;

/** Calls the API with a key of the platform's own: no application, no subscription, in any state of its life. */
export function TestPage() {
  const api = useApi();
  const apiId = api.id ?? '';
  const deployments = useDeployments();
  const definition = useQuery({ ...getApiSwaggerOptions({ path: { apiId } }), select: operationsOf });
  const [key, setKey] = useState('');
  const isDeployed = (deployments.data?.list.length ?? 0) > 0;
  const headers = (shown: string): [string, string][] => (shown === '' ? [] : [['Internal-Key', shown]]);
  async function obtain() {
    const { data } = await generateInternalApiKey({ path: { apiId } });
    setKey(data.apikey ?? '');
    return headers(data.apikey ?? '');
  }
  return (
    <>
      <ApiHeading title={w.title} lead={w.lead} />
      {deployments.data && !isDeployed ? (
        <Alert color="ochre" radius="md" mb="lg">
          {w.notDeployed} <TextLink to={paths.revisions(apiId)}>{words.api.revisions}</TextLink>
        </Alert>
      ) : null}
      <QueryView query={definition}>
        {(found) => (
          <OperationPicker help={w.help} operations={found}>
            {(operation) => (
              <Caller
                key={operation.id}
                operation={operation}
                base={addressOf(api)}
                credential={headers(key)}
                obtain={key === '' ? { run: obtain, action: w.getAndSend, help: w.getHelp } : undefined}
                statistics={`/publisher${paths.statistics(apiId)}`}
              >
                <PasswordInput
                  label={w.key}
                  description={w.keyHelp}
                  autoComplete="off"
                  value={key}
                  onChange={(event) => setKey(event.currentTarget.value.trim())}
                />
              </Caller>
            )}
          </OperationPicker>
        )}
      </QueryView>
    </>
  );
}
