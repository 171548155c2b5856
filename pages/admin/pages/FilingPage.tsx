import { useQuery } from '@tanstack/react-query';
import { getAllLabelsOptions, getApiCategoriesOptions } from '../../client/admin/@tanstack/react-query.gen';
import { createApiCategory, createLabel, deleteApiCategory, deleteLabel, updateApiCategory, updateLabel } from '../../client/admin/sdk.gen';
import { PageHeader, Panels } from '../../kit/page-parts';
import { FilingPanel } from '../filing-panel';
import type { Filing } from '../forms/filing-edit';
import { words } from '../words';

const w = words.filing;

export function FilingPage() {
  const categories = useQuery(getApiCategoriesOptions());
  const labels = useQuery(getAllLabelsOptions());
  return (
    <>
      <PageHeader title={w.title} lead={w.lead} />
      <Panels>
        <FilingPanel
          title={w.categories}
          create={w.newCategory}
          nothing={w.noCategories}
          query={categories}
          more={[{ name: w.apis, end: true, cell: ({ numberOfAPIs }) => numberOfAPIs ?? 0 }]}
          save={saveCategory}
          remove={(apiCategoryId) => deleteApiCategory({ path: { apiCategoryId } })}
        />
        <FilingPanel
          title={w.labels}
          create={w.newLabel}
          nothing={w.noLabels}
          query={labels}
          save={saveLabel}
          remove={(labelId) => deleteLabel({ path: { labelId } })}
        />
      </Panels>
    </>
  );
}

function saveCategory({ id, name, description }: Filing) {
  const body = { name, description };
  return id ? updateApiCategory({ path: { apiCategoryId: id }, body }) : createApiCategory({ body });
}

function saveLabel({ id, name, description }: Filing) {
  const body = { name, description };
  return id ? updateLabel({ path: { labelId: id }, body }) : createLabel({ body });
}
