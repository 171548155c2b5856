import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getAllApiProductsOptions } from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiProductInfo } from '../../client/publisher/types.gen';
import { StateBadge } from '../../kit/badges';
import { ago } from '../../kit/format';
import { LinkButton, TextLink } from '../../kit/link-button';
import { ListPage } from '../../kit/list-page';
import type { Column } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { paths } from '../paths';
import { words } from '../words';

const w = words.products;

const COLUMNS: Column<ApiProductInfo>[] = [
  { name: w.name, cell: ({ id = '', displayName, name }) => <TextLink to={paths.product(id)}>{displayName || name}</TextLink> },
  { name: w.version, cell: ({ version }) => version },
  { name: w.context, cell: ({ context }) => <code>{context}</code> },
  { name: w.state, cell: ({ state }) => <StateBadge state={state} /> },
  { name: words.apis.provider, cell: ({ provider }) => provider },
  { name: words.apis.updated, cell: ({ updatedTime, createdTime }) => ago(updatedTime ?? createdTime), end: true },
];

/** Operations of several APIs under one name. */
export function ProductsPage() {
  const turn = useTurn();
  const products = useQuery({ ...getAllApiProductsOptions({ query: turn }), placeholderData: keepPreviousData });
  return (
    <ListPage
      title={w.title}
      lead={w.lead}
      search={w.search}
      add={
        <LinkButton to={paths.productNew()} leftSection={<IconPlus size={17} />}>
          {w.add}
        </LinkButton>
      }
      empty={{ title: w.emptyTitle, help: w.emptyHelp }}
      query={products}
      columns={COLUMNS}
      rowKey={({ id = '' }) => id}
    />
  );
}
