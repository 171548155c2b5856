import { Button, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import type { Document } from '../../client/publisher/types.gen';
import { LinkButton } from '../../kit/link-button';
import { Panel, Panels } from '../../kit/page-parts';
import { asProblem } from '../../kit/problem';
import { ProblemView } from '../../kit/problem-view';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { ApiHeading } from '../api-heading';
import { useSubjectPlace, useSubjectQuery } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

const Prose = lazy(() => import('../../kit/prose'));
const w = words.documents;

/** Writes a document, with what consumers will see beside it. */
export function DocumentPage() {
  const { kind, id, calls } = useSubjectPlace();
  const { documentId } = useParams({ strict: false }) as { documentId: string };
  const document = useSubjectQuery(['document', documentId], (asked, subject) => asked.document(subject, documentId));
  const content = useQuery({
    queryKey: [kind, id, 'content', documentId],
    queryFn: () => calls.content(id, documentId).then(({ data }) => String(data ?? ''), nothingYet),
    // What is being written is not replaced by what is kept.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <QueryView query={document}>
      {(found) => <QueryView query={content}>{(text) => <Writing document={found} kept={text} />}</QueryView>}
    </QueryView>
  );
}

function Writing({ document, kept }: { document: Document; kept: string }) {
  const { id, calls, paths } = useSubjectPlace();
  const [text, setText] = useState(kept);
  const [saved, setSaved] = useState(kept);
  const shown = useDeferredValue(text);
  const refresh = useRefresh();
  const isMarkdown = document.sourceType === 'MARKDOWN';
  const save = useMutation({
    mutationFn: (inlineContent: string) => calls.write(id, document.documentId ?? '', { inlineContent }),
    onSuccess: async (_, written) => {
      setSaved(written);
      await refresh();
      done(w.saved(document.name));
    },
  });
  return (
    <>
      <ApiHeading
        title={document.name}
        lead={document.summary}
        actions={
          <>
            <LinkButton variant="default" to={paths.documents}>
              {w.title}
            </LinkButton>
            <Button disabled={text === saved || text.trim() === ''} loading={save.isPending} onClick={() => save.mutate(text)}>
              {w.save}
            </Button>
          </>
        }
      />
      {save.isError ? <ProblemView thrown={save.error} /> : null}
      <Panels halves={isMarkdown}>
        <Textarea
          label={w.text}
          description={isMarkdown ? w.textHelp : undefined}
          rows={24}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.88rem' } }}
        />
        {isMarkdown ? (
          <Panel title={w.preview}>
            {shown.trim() === '' ? (
              <Text c="dimmed">{w.previewEmpty}</Text>
            ) : (
              <Suspense fallback={shown}>
                <Prose text={shown} />
              </Suspense>
            )}
          </Panel>
        ) : null}
      </Panels>
    </>
  );
}

/** A document that nobody has written yet is an empty one. */
function nothingYet(thrown: unknown): string {
  if (asProblem(thrown).status === 404) return '';
  throw thrown;
}
