import { SegmentedControl, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { validateOpenApiDefinition } from '../../client/publisher/sdk.gen';
import { PageHeader, Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { RowsSkeleton } from '../../kit/skeletons';
import { ApiCreateForm } from '../forms/api-create';
import { ArchiveSource } from '../forms/archive-source';
import { DefinitionSource, type Source } from '../forms/definition-source';
import { Faults } from '../forms/faults';
import { paths } from '../paths';
import { words } from '../words';

type Kind = 'file' | 'text' | 'url' | 'archive';

export function ImportPage() {
  const [kind, setKind] = useState<Kind>('file');
  const [source, setSource] = useState<Source>();
  const navigate = useNavigate();
  const read = useMutation({
    mutationFn: async (next: Source) => (await validateOpenApiDefinition({ query: { returnContent: false }, body: next })).data,
  });
  function choose(next: Source) {
    setSource(next);
    read.mutate(next);
  }
  function switchTo(next: string) {
    setKind(next as Kind);
    setSource(undefined);
    read.reset();
  }
  return (
    <>
      <PageHeader title={words.import.title} lead={words.import.lead} />
      <Stack gap="lg" maw={860}>
        <Panel>
          <Stack gap="md">
            <SegmentedControl
              aria-label={words.import.source}
              data={KINDS}
              value={kind}
              onChange={switchTo}
              style={{ alignSelf: 'start' }}
            />
            {kind === 'archive' ? <ArchiveSource /> : <DefinitionSource kind={kind} isReading={read.isPending} onChoose={choose} />}
          </Stack>
        </Panel>
        <div aria-live="polite">
          {read.isPending ? <RowsSkeleton rows={3} /> : null}
          {read.isError ? <ProblemView thrown={read.error} /> : null}
          {read.data && !read.data.isValid ? <Faults faults={read.data.errors ?? []} help={words.import.invalidHelp} /> : null}
        </div>
        {read.data?.isValid && source ? (
          <ApiCreateForm
            key={read.submittedAt}
            found={read.data}
            source={source}
            onCreated={(apiId) => navigate({ to: paths.api(apiId) })}
          />
        ) : null}
      </Stack>
    </>
  );
}

const KINDS = [
  { value: 'file', label: words.import.file },
  { value: 'text', label: words.import.text },
  { value: 'url', label: words.import.url },
  { value: 'archive', label: words.archive.title },
];
