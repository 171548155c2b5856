import { Alert, Button } from '@mantine/core';
import { IconFileExport, IconRocket } from '@tabler/icons-react';
import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getApiProductOptions, getIsApiProductOutdatedOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { updateApiProduct } from '../../client/publisher/sdk.gen';
import type { ApiOperations, ApiProduct } from '../../client/publisher/types.gen';
import { MethodBadge } from '../../kit/badges';
import { CopyText } from '../../kit/code-block';
import { ago } from '../../kit/format';
import { TextLink } from '../../kit/link-button';
import { type Column, ListTable } from '../../kit/list-table';
import { Facts, Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { deployAndPublish, isDraft } from '../deploy';
import { DeleteButton } from '../lifecycle/delete-button';
import { paths } from '../paths';
import { keyOf } from '../products';
import { useSubjectPlace } from '../subject';
import { addressOf, useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';

const w = words.products;

/** What a product is, and the button that brings it to consumers. */
export function ProductPage() {
  const { id, calls } = useSubjectPlace();
  const product = useSuspenseQuery(getApiProductOptions({ path: { apiProductId: id } })).data;
  const { state } = product;
  const refresh = useRefresh();
  const environment = useEnvironment();
  const deployed = useMutation({
    mutationFn: () => deployAndPublish(calls, { id, state }, environment),
    // What was done before a refusal is done: the page shows it.
    onSettled: () => refresh(),
    onSuccess: () => done(isDraft(state) ? w.published : w.deployed),
  });
  return (
    <>
      <ApiHeading
        lead={product.description}
        actions={
          <>
            <Button leftSection={<IconRocket size={17} />} loading={deployed.isPending} onClick={() => deployed.mutate()}>
              {isDraft(state) ? w.deployPublish : w.deploy}
            </Button>
            <Button
              component="a"
              href={`/api/am/publisher/v4/api-products/export?${new URLSearchParams({ name: product.name, version: product.version })}`}
              download
              variant="default"
              leftSection={<IconFileExport size={17} />}
            >
              {words.archive.export}
            </Button>
            <DeleteButton />
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
    <Alert color="ochre" variant="light" radius="md" title={w.outdated}>
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
