import { Button, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { getApiSwaggerOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { updateApiSwagger, validateOpenApiDefinition } from '../../client/publisher/sdk.gen';
import type { ErrorListItem } from '../../client/publisher/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { Faults } from '../forms/faults';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

const DefinitionEditor = lazy(() => import('../../kit/definition-editor'));

export function DefinitionPage() {
  const api = useApi();
  const definition = useQuery(getApiSwaggerOptions({ path: { apiId: api.id ?? '' } }));
  const [draft, setDraft] = useState<string>();
  const [faults, setFaults] = useState<ErrorListItem[]>([]);
  const refresh = useRefresh();
  const saved = useMutation({
    mutationFn: (text: string) => {
      setFaults([]);
      return save(api.id ?? '', text);
    },
    onSuccess: async (found) => {
      setFaults(found);
      if (found.length > 0) return;
      await refresh();
      setDraft(undefined);
      done(words.definition.saved);
    },
  });
  const text = definition.data ? JSON.stringify(definition.data, null, 2) : '';
  function discard() {
    setDraft(undefined);
    setFaults([]);
    saved.reset();
  }
  return (
    <>
      <ApiHeading
        title={words.definition.title}
        lead={words.definition.lead}
        actions={
          draft === undefined ? (
            <>
              <Button variant="default" onClick={() => download(text, api.name)}>
                {words.definition.download}
              </Button>
              <Button disabled={!definition.data} onClick={() => setDraft(text)}>
                {words.definition.edit}
              </Button>
            </>
          ) : (
            <>
              <Button variant="default" onClick={discard}>
                {words.definition.discard}
              </Button>
              <Button loading={saved.isPending} onClick={() => saved.mutate(draft)}>
                {words.definition.save}
              </Button>
            </>
          )
        }
      />
      <Stack gap="md" mb={saved.isError || faults.length > 0 ? 'md' : 0}>
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        {faults.length > 0 ? <Faults faults={faults} help={words.definition.invalidHelp} /> : null}
      </Stack>
      <QueryView query={definition}>
        {() => (
          <Suspense fallback={<Skeleton h="64vh" />}>
            <DefinitionEditor
              key={draft === undefined ? `read ${definition.dataUpdatedAt}` : 'edit'}
              label={words.definition.label}
              text={text}
              language="json"
              readOnly={draft === undefined}
              onChange={setDraft}
            />
          </Suspense>
        )}
      </QueryView>
    </>
  );
}

/** The faults of the text; when there are none, it has been saved. */
async function save(apiId: string, text: string): Promise<ErrorListItem[]> {
  const found = await validateOpenApiDefinition({ body: { inlineAPIDefinition: text } });
  if (!found.data.isValid) return found.data.errors ?? [];
  await updateApiSwagger({ path: { apiId }, body: { apiDefinition: text } });
  return [];
}

function download(text: string, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `${name}.openapi.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
