import { useQuery } from '@tanstack/react-query';
import { getAllApisOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { EmptyState } from '../../kit/empty-state';
import { LinkButton } from '../../kit/link-button';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { ProductCreate } from '../forms/product-create';
import { paths } from '../paths';
import { words } from '../words';

const w = words.products;

export function ProductNewPage() {
  const apis = useQuery(getAllApisOptions({ query: { limit: MOST, sortBy: 'apiName', sortOrder: 'asc' } }));
  return (
    <>
      <PageHeader title={w.add} lead={w.lead} />
      <QueryView query={apis}>
        {({ list }) => {
          const usable = list.filter(({ type = 'HTTP' }) => type === 'HTTP');
          if (usable.length > 0) return <ProductCreate apis={usable} />;
          return <EmptyState title={w.add} help={w.noApis} action={<LinkButton to={paths.importApi()}>{words.apis.import}</LinkButton>} />;
        }}
      </QueryView>
    </>
  );
}

const MOST = 500;
