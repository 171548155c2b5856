import { Button, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { getApiSwaggerOptions } from '../../client/publisher/@tanstack/react-query.gen';
import { updateApiSwagger } from '../../client/publisher/sdk.gen';
import type { ErrorListItem } from '../../client/publisher/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { save as saveFile } from '../../kit/save-file';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { ApiHeading } from '../api-heading';
import { numberOf } from '../archive';
import { CompareDialog, type Side } from '../compare-dialog';
import { faultsOf, marksOf } from '../definition-lint';
import { Faults } from '../forms/faults';
import { useSubjectQuery } from '../subject';
import { useApi, useRefresh } from '../use-api';
import { words } from '../words';

const DefinitionEditor = lazy(() => import('../../kit/definition-editor'));
const DiffView = lazy(() => import('../../kit/diff-view'));
const w = words.definition;

export function DefinitionPage() {
  const api = useApi();
  const definition = useQuery(getApiSwaggerOptions({ path: { apiId: api.id ?? '' } }));
  const text = definition.data ? JSON.stringify(definition.data, null, 2) : '';
  const [draft, setDraft] = useState<string>();
  const [isComparing, setIsComparing] = useState(false);
  const refresh = useRefresh();
  useHold(draft !== undefined);
  const saved = useMutation({
    mutationFn: (next: string) => save(api.id ?? '', next),
    onSuccess: async (faults) => {
      if (faults.length > 0) return;
      await refresh();
      stop();
      done(w.saved);
    },
  });
  const faults = saved.data ?? [];
  function stop() {
    setDraft(undefined);
    setIsComparing(false);
    saved.reset();
  }
  return (
    <>
      <ApiHeading
        title={w.title}
        lead={w.lead}
        actions={
          draft === undefined ? (
            <Reading text={text} name={api.name} onEdit={() => setDraft(text)} />
          ) : (
            <>
              <Button variant="default" onClick={stop}>
                {w.discard}
              </Button>
              <Button variant="default" disabled={draft === text} onClick={() => setIsComparing(!isComparing)}>
                {isComparing ? words.compare.back : words.compare.changes}
              </Button>
              <Button loading={saved.isPending} onClick={() => saved.mutate(draft)}>
                {w.save}
              </Button>
            </>
          )
        }
      />
      <Stack gap="md" mb={saved.isError || faults.length > 0 ? 'md' : 0}>
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        {faults.length > 0 ? <Faults faults={faults} help={w.invalidHelp} /> : null}
      </Stack>
      <QueryView query={definition}>
        {() => (
          <Suspense fallback={<Skeleton h="64vh" radius="md" />}>
            {isComparing && draft !== undefined ? (
              <DiffView label={words.compare.mine} before={text} after={draft} />
            ) : (
              <DefinitionEditor
                key={draft === undefined ? text.length : 'edit'}
                label={w.label}
                text={draft ?? text}
                language="json"
                readOnly={draft === undefined}
                onChange={setDraft}
                lint={draft === undefined ? undefined : marksOf}
              />
            )}
          </Suspense>
        )}
      </QueryView>
    </>
  );
}

/** What may be done with a definition that nobody edits. */
function Reading({ text, name, onEdit }: { text: string; name: string; onEdit: () => void }): ReactNode {
  const deployed = useDeployedRevision();
  const [compared, setCompared] = useState<Side>();
  return (
    <>
      {deployed ? (
        <Button variant="default" onClick={() => setCompared(deployed)}>
          {words.compare.deployed}
        </Button>
      ) : null}
      <Button
        variant="default"
        disabled={text === ''}
        onClick={() => saveFile(`${name}.openapi.json`, new Blob([text], { type: 'application/json' }))}
      >
        {w.download}
      </Button>
      <Button disabled={text === ''} onClick={onEdit}>
        {w.edit}
      </Button>
      {compared ? <CompareDialog from={compared} to={{ name: words.compare.draft }} onClose={() => setCompared(undefined)} /> : null}
    </>
  );
}

/** The revision that gateways run, by its name and number. */
function useDeployedRevision(): Side | undefined {
  const revisions = useSubjectQuery(['revisions'], (calls, id) => calls.revisions(id));
  const running = revisions.data?.list.find(({ deploymentInfo }) => (deploymentInfo ?? []).length > 0);
  const name = running?.displayName ?? '';
  return running && { name, number: numberOf(name) };
}

/** The faults of the text; when there are none, it has been saved. */
async function save(apiId: string, text: string): Promise<ErrorListItem[]> {
  const faults = await faultsOf(text);
  if (faults.length === 0) await updateApiSwagger({ path: { apiId }, body: { apiDefinition: text } });
  return faults;
}
