import { Alert, Button, Group } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { getApiProductOptions, getIsApiProductOutdatedOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { deleteApiProduct, updateApiProduct } from '../../client/publisher/sdk.gen';
import type { ApiOperations, ApiProduct } from '../../client/publisher/types.gen';
import { MethodBadge, StateBadge } from '../../kit/badges';
import { CopyText } from '../../kit/code-block';
import { Confirm } from '../../kit/confirm';
import { ago } from '../../kit/format';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { Facts, PageHeader, Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { paths } from '../paths';
import { deployProduct, isDraft, keyOf } from '../products';
import { addressOf, useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.products;

export function ProductPage() {
  const { productId = '' } = useParams({ strict: false }) as { productId?: string };
  const product = useQuery(getApiProductOptions({ path: { apiProductId: productId } }));
  return <QueryView query={product}>{(found) => <Found product={found} />}</QueryView>;
}

function Found({ product }: { product: ApiProduct }) {
  const { id = '', name, displayName, state } = product;
  const [isDeleting, setDeleting] = useState(false);
  const refresh = useRefresh();
  const navigate = useNavigate();
  const environment = useEnvironment();
  const deployed = useMutation({
    mutationFn: () => deployProduct(product, environment),
    // What was done before a refusal is done: the page shows it.
    onSettled: () => refresh(),
    onSuccess: () => done(isDraft(state) ? w.published : w.deployed),
  });
  return (
    <>
      <PageHeader
        above={
          <Group gap="xs">
            <TextLink to={paths.products()}>{w.title}</TextLink>
            <StateBadge state={state} />
          </Group>
        }
        title={displayName || name}
        lead={product.description}
        actions={
          <>
            <Button leftSection={<IconRocket size={17} />} loading={deployed.isPending} onClick={() => deployed.mutate()}>
              {isDraft(state) ? w.deployPublish : w.deploy}
            </Button>
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {w.delete}
            </Button>
          </>
        }
      />
      <Panels>
        {deployed.isError ? <ProblemView thrown={deployed.error} /> : null}
        <Outdated product={product} />
        <Panel title={words.overview.facts}>
          <Facts facts={factsOf(product, environment.address)} />
        </Panel>
        <Panel title={w.operations}>
          <ListTable label={w.operations} columns={COLUMNS} rows={rowsOf(product)} rowKey={({ operation }) => keyOf(operation)} />
        </Panel>
      </Panels>
      {isDeleting ? (
        <Confirm
          title={w.deleteTitle(name)}
          body={w.deleteBody}
          action={kit.delete}
          onConfirm={async () => {
            await deleteApiProduct({ path: { apiProductId: id } });
            await navigate({ to: paths.products() });
            done(w.deleted(name));
            await refresh();
          }}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </>
  );
}

/** Says that an API has changed behind the product, and takes over what it has now. */
function Outdated({ product }: { product: ApiProduct }) {
  const { id: apiProductId = '' } = product;
  const status = useQuery(getIsApiProductOutdatedOptions({ path: { apiProductId } }));
  const refresh = useRefresh();
  const saved = useMutation({
    mutationFn: () => updateApiProduct({ path: { apiProductId }, body: product }),
    onSuccess: async () => {
      await refresh();
      done(w.refreshed);
    },
  });
  if (!status.data?.isOutdated) return null;
  return (
    <Alert color="yellow" title={w.outdated}>
      {saved.isError ? <ProblemView thrown={saved.error} /> : null}
      <Button size="xs" variant="default" loading={saved.isPending} onClick={() => saved.mutate()}>
        {w.refresh}
      </Button>
    </Alert>
  );
}

function factsOf(product: ApiProduct, origin: string | undefined): [string, React.ReactNode][] {
  const address = addressOf(product, origin);
  return [
    [w.address, <CopyText key="address" text={address} label={w.address} />],
    [w.version, product.version],
    [w.plans, product.policies?.join(', ') || words.overview.noPlans],
    [words.overview.owner, product.provider],
    [words.overview.changed, ago(product.lastUpdatedTime ?? product.createdTime)],
  ];
}

interface Row {
  apiId: string;
  api: string;
  operation: ApiOperations;
}

function rowsOf({ apis }: ApiProduct): Row[] {
  return apis.flatMap(({ apiId, name = '', version = '', operations = [] }) =>
    operations.map((operation) => ({ apiId, api: `${name} ${version}`, operation })),
  );
}

const COLUMNS: Column<Row>[] = [
  { name: w.path, cell: ({ operation }) => <code>{operation.target}</code> },
  { name: w.method, cell: ({ operation }) => <MethodBadge method={operation.verb} /> },
  { name: w.source, cell: ({ apiId, api }) => <TextLink to={paths.api(apiId)}>{api}</TextLink> },
];
