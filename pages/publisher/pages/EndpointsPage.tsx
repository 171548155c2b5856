import { useMutation } from '@tanstack/react-query';
import { updateApi } from '../../client/publisher/sdk.gen';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { type Access, AccessForm } from '../forms/access-edit';
import { endpointOf, useApi, useRefresh } from '../use-api';
import { words } from '../words';

export function EndpointsPage() {
  const api = useApi();
  const refresh = useRefresh();
  const schemes = api.securityScheme ?? [];
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
        initial={{
          production: endpointOf(api, 'production'),
          sandbox: endpointOf(api, 'sandbox'),
          oauth2: schemes.includes('oauth2'),
          apiKey: schemes.includes('api_key'),
          apiKeyHeader: api.apiKeyHeader ?? 'ApiKey',
          authorizationHeader: api.authorizationHeader ?? 'Authorization',
          cors: api.corsConfiguration?.corsConfigurationEnabled ?? false,
          origins: (api.corsConfiguration?.accessControlAllowOrigins ?? ['*']).join(', '),
        }}
        kept={api}
        refusal={saved.error}
        isSaving={saved.isPending}
        onSave={(access) => saved.mutate(access)}
      />
    </>
  );
}
