import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Api } from '../../client/devportal/types.gen';
import { MethodBadge } from '../../kit/badges';
import { CopyText } from '../../kit/code-block';
import { CodeSamples } from '../../kit/console/code-samples';
import type { Operation } from '../../kit/console/definition';
import { either } from '../../kit/language';
import { Facts, Panel, Panels } from '../../kit/page-parts';
import { ProseView } from '../../kit/prose-view';
import { QueryView } from '../../kit/query-view';
import { save } from '../../kit/save-file';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { takesKey, takesToken } from '../access';
import { credentialHeader } from '../credential';
import { paths } from '../paths';
import { definitionRead } from '../reads';
import { baseOf, useApi, useOperations } from '../use-api';
import { words } from '../words';
import classes from './api-layout.module.css';

export function OverviewPage() {
  const api = useApi();
  const operations = useOperations();
  return (
    <>
      {api.description ? (
        <div className={classes.text}>
          <ProseView text={api.description} />
        </div>
      ) : null}
      <div className={classes.split}>
        <Panel title={words.api.operations} help={words.api.operationsHelp}>
          <QueryView query={operations}>{(found) => <Operations operations={found} apiId={api.id ?? ''} />}</QueryView>
        </Panel>
        <Panels>
          <Panel title={words.api.call}>
            <Facts facts={factsOf(api)} />
          </Panel>
          <FirstCall api={api} operations={operations.data ?? []} />
          <Definition api={api} />
        </Panels>
      </div>
    </>
  );
}

function Operations({ operations, apiId }: { operations: Operation[]; apiId: string }) {
  const [search, setSearch] = useAddress<{ filter?: string }>();
  const wanted = (search.filter ?? '').toLowerCase();
  const shown = operations.filter(({ id, summary }) => `${id} ${summary}`.toLowerCase().includes(wanted));
  if (operations.length === 0) return <Text c="dimmed">{words.api.noOperations}</Text>;
  return (
    <>
      {operations.length > 8 ? (
        <SearchBox label={words.api.filter} value={search.filter ?? ''} onSearch={(filter) => setSearch({ filter })} />
      ) : null}
      <ul className={classes.operations}>
        {shown.map((operation) => (
          <li key={operation.id}>
            <Link to={paths.console(apiId)} search={{ operation: operation.id } as never}>
              <MethodBadge method={operation.method} />
              <code>{operation.path}</code>
              {operation.summary ? <small>{operation.summary}</small> : null}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function FirstCall({ api, operations }: { api: Api; operations: Operation[] }) {
  const first = operations.find(({ method, path }) => method === 'GET' && !path.includes('{')) ?? operations[0];
  if (!first) return null;
  const kind = takesKey(api) ? 'key' : takesToken(api) ? 'token' : 'none';
  const secret = kind === 'key' ? words.api.yourKey : words.api.yourToken;
  const call = { method: first.method, url: `${baseOf(api)}${first.path}`, headers: credentialHeader(api, kind, secret) };
  return (
    <Panel title={words.api.first}>
      <CodeSamples call={call} label={words.api.first} />
    </Panel>
  );
}

function Definition({ api }: { api: Api }) {
  const definition = useQuery(definitionRead(api.id ?? ''));
  function download() {
    save(`${api.name}-${api.version}.openapi.json`, new Blob([JSON.stringify(definition.data, null, 2)], { type: 'application/json' }));
  }
  return (
    <Panel title={words.api.definition}>
      <Button variant="default" size="sm" disabled={!definition.data} onClick={download}>
        {words.api.download}
      </Button>
    </Panel>
  );
}

function factsOf(api: Api): Parameters<typeof Facts>[0]['facts'] {
  const credentials = [
    takesKey(api) ? words.api.apiKey(api.apiKeyHeader || 'ApiKey') : '',
    takesToken(api) ? words.api.oauth2(api.authorizationHeader || 'Authorization') : '',
  ].filter(Boolean);
  return [
    [words.api.address, <CopyText key="address" text={baseOf(api)} label={words.api.address} />],
    [words.api.credential, either(credentials) || words.api.open],
    [words.api.plans, api.tiers?.map((tier) => tier.tierName).join(', ') || words.api.noPlans],
    [words.api.version, api.version],
    [words.api.owner, api.provider],
  ];
}
