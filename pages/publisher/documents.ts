import { addApiDocument, addApiDocumentContent, getApiDocumentContentByDocumentId, updateApiDocument } from '../client/publisher/sdk.gen';
import type { Document } from '../client/publisher/types.gen';

export interface DocumentValues {
  name: string;
  type: Document['type'];
  otherTypeName: string;
  summary: string;
  sourceType: Document['sourceType'];
  sourceUrl: string;
  visibility: NonNullable<Document['visibility']>;
  file: File | null;
}

export function startOf(held: Document | undefined): DocumentValues {
  return {
    name: held?.name ?? '',
    type: held?.type ?? 'HOWTO',
    otherTypeName: held?.otherTypeName ?? '',
    summary: held?.summary ?? '',
    sourceType: held?.sourceType ?? 'MARKDOWN',
    sourceUrl: held?.sourceUrl ?? '',
    visibility: held?.visibility ?? 'API_LEVEL',
    file: null,
  };
}

/** Whether its content is text that is written here. */
export function isWritten({ sourceType }: Pick<Document, 'sourceType'>): boolean {
  return sourceType === 'MARKDOWN' || sourceType === 'INLINE';
}

/** Makes a document, or changes what is said of one; a file goes along in a second call. */
export async function saveDocument(apiId: string, held: Document | undefined, values: DocumentValues): Promise<Document> {
  const { file, otherTypeName, sourceUrl, ...said } = values;
  const body: Document = {
    ...said,
    ...(said.type === 'OTHER' ? { otherTypeName } : {}),
    ...(said.sourceType === 'URL' ? { sourceUrl } : {}),
  };
  const { data } = held
    ? await updateApiDocument({ path: { apiId, documentId: held.documentId ?? '' }, body })
    : await addApiDocument({ path: { apiId }, body });
  if (said.sourceType === 'FILE' && file) await writeDocument(apiId, data.documentId ?? '', { file });
  return data;
}

export function writeDocument(apiId: string, documentId: string, content: { file: File } | { inlineContent: string }) {
  return addApiDocumentContent({ path: { apiId, documentId }, body: content });
}

/** The text of a document; empty where nothing has been written yet. */
export async function readDocument(apiId: string, documentId: string): Promise<string> {
  const { data } = await getApiDocumentContentByDocumentId({ path: { apiId, documentId }, parseAs: 'text' });
  return String(data ?? '');
}

/** Where the management API gives out a document, to be saved or followed. */
export function documentAddress(apiId: string, documentId: string): string {
  return `/api/am/publisher/v4/apis/${apiId}/documents/${documentId}/content`;
}
