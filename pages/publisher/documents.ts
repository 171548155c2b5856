import type { Document } from '../client/publisher/types.gen';
import type { Subject } from './subject';
import type { SubjectCalls } from './subject-calls';

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
export async function saveDocument(calls: SubjectCalls, id: string, held: Document | undefined, values: DocumentValues): Promise<Document> {
  const { file, otherTypeName, sourceUrl, ...said } = values;
  const body: Document = {
    ...said,
    ...(said.type === 'OTHER' ? { otherTypeName } : {}),
    ...(said.sourceType === 'URL' ? { sourceUrl } : {}),
  };
  const { data } = held ? await calls.changeDocument(id, held.documentId ?? '', body) : await calls.addDocument(id, body);
  if (said.sourceType === 'FILE' && file) await calls.write(id, data.documentId ?? '', { file });
  return data;
}

/** Where the management API gives out a document, to be saved or followed. */
export function documentAddress(kind: Subject['kind'], id: string, documentId: string): string {
  return `/api/am/publisher/v4/${kind === 'api' ? 'apis' : 'api-products'}/${id}/documents/${documentId}/content`;
}
