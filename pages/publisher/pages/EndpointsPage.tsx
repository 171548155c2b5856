import { useMutation } from '@tanstack/react-query';
import { updateApi } from '../../client/publisher/sdk.gen';
import { Panels } from '../../kit/page-parts';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { AccessForm } from '../forms/access-edit';
import type { Access } from '../forms/access-values';
import { MockForm } from '../forms/mock-edit';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

export function EndpointsPage() {
  const api = useApi();
  const refresh = useRefresh();
  const saved = useMutation({
    mutationFn: (access: Access) => updateApi({ path: { apiId: api.id ?? '' }, body: { ...api, ...access } }),
    onSuccess: async () => {
      await refresh();
      done(words.endpoints.saved);
    },
  });
  return (
    <>
      <ApiHeading title={words.endpoints.title} lead={words.endpoints.lead} />
      <AccessForm
        key={api.lastUpdatedTimestamp ?? api.lastUpdatedTime}
        kept={api}
        refusal={saved.error}
        isSaving={saved.isPending}
        onSave={(access) => saved.mutate(access)}
      />
      <Panels>
        <MockForm api={api} />
      </Panels>
    </>
  );
}
