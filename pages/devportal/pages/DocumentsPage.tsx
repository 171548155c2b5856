import { Anchor, Text } from '@mantine/core';
import { IconDownload, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { getApiDocumentsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import { getApiDocumentContent } from '../../client/devportal/sdk.gen';
import type { Document } from '../../client/devportal/types.gen';
import { EmptyState } from '../../kit/empty-state';
import { TextLink } from '../../kit/link-button';
import { asProblem } from '../../kit/problem';
import { QueryView } from '../../kit/query-view';
import { useAddress } from '../../kit/use-address';
import { paths } from '../paths';
import classes from '../reading/documents.module.css';
import { useApiId } from '../use-api';
import { words } from '../words';

const Prose = lazy(() => import('../../kit/prose'));
const w = words.documents;

/** What the owner of the API has written for its consumers. */
export function DocumentsPage() {
  const apiId = useApiId();
  const [search] = useAddress<{ document?: string }>();
  const documents = useQuery(getApiDocumentsOptions({ path: { apiId }, query: { limit: 100 } }));
  return (
    <QueryView query={documents}>
      {({ list = [] }) => {
        const open = list.find(({ documentId }) => documentId === search.document);
        if (open) return <Reading apiId={apiId} document={open} />;
        return list.length === 0 ? <EmptyState title={w.emptyTitle} help={w.emptyHelp} /> : <Shelf apiId={apiId} documents={list} />;
      }}
    </QueryView>
  );
}

function Shelf({ apiId, documents }: { apiId: string; documents: Document[] }) {
  return (
    <ul className={classes.shelf} aria-label={w.title}>
      {documents.map((document) => (
        <li key={document.documentId}>
          <Title apiId={apiId} document={document} />
          <Text size="sm" c="dimmed">
            {(document.type === 'OTHER' && document.otherTypeName) || w.kinds[document.type]}
          </Text>
          {document.summary ? <Text size="sm">{document.summary}</Text> : null}
        </li>
      ))}
    </ul>
  );
}

function Title({ apiId, document }: { apiId: string; document: Document }) {
  const id = document.documentId ?? '';
  if (document.sourceType === 'URL') {
    return (
      <Anchor href={document.sourceUrl} target="_blank" rel="noopener noreferrer" title={w.leave}>
        {document.name} <IconExternalLink size={15} aria-hidden="true" />
      </Anchor>
    );
  }
  if (document.sourceType === 'FILE') {
    return (
      <Anchor href={`/api/am/devportal/v3/apis/${apiId}/documents/${id}/content`} download title={w.download}>
        {document.name} <IconDownload size={15} aria-hidden="true" />
      </Anchor>
    );
  }
  return (
    <Link to={paths.documents(apiId)} search={{ document: id } as never}>
      {document.name}
    </Link>
  );
}

function Reading({ apiId, document }: { apiId: string; document: Document }) {
  const documentId = document.documentId ?? '';
  const content = useQuery({ queryKey: ['document', apiId, documentId], queryFn: () => read(apiId, documentId) });
  return (
    <>
      <TextLink to={paths.documents(apiId)}>{w.all}</TextLink>
      <h2>{document.name}</h2>
      <QueryView query={content}>
        {(text) => {
          if (text === '') return <Text c="dimmed">{w.unwritten}</Text>;
          if (document.sourceType === 'INLINE') return <p className={classes.plain}>{text}</p>;
          return (
            <Suspense fallback={text}>
              <Prose text={text} />
            </Suspense>
          );
        }}
      </QueryView>
    </>
  );
}

/** A document that nobody has written yet is an empty one. */
async function read(apiId: string, documentId: string): Promise<string> {
  try {
    return String((await getApiDocumentContent({ path: { apiId, documentId }, parseAs: 'text' })).data ?? '');
  } catch (thrown) {
    if (asProblem(thrown).status === 404) return '';
    throw thrown;
  }
}
