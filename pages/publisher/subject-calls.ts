import {
  addApiDocument,
  addApiDocumentContent,
  addApiProductDocument,
  addApiProductDocumentContent,
  changeApiLifecycle,
  changeApiProductLifecycle,
  createApiProductRevision,
  createApiRevision,
  createNewApiProductVersion,
  createNewApiVersion,
  deleteApi,
  deleteApiDocument,
  deleteApiProduct,
  deleteApiProductDocument,
  deleteApiProductRevision,
  deleteApiRevision,
  deployApiProductRevision,
  deployApiRevision,
  exportApi,
  exportApiProduct,
  getAllApiProducts,
  getAllApis,
  getApi,
  getApiDocumentByDocumentId,
  getApiDocumentContentByDocumentId,
  getApiDocuments,
  getApiLifecycleHistory,
  getApiLifecycleState,
  getApiProduct,
  getApiProductDocument,
  getApiProductDocumentContent,
  getApiProductDocuments,
  getApiProductLifecycleHistory,
  getApiProductLifecycleState,
  getApiProductRevisionDeployments,
  getApiProductRevisions,
  getApiRevisionDeployments,
  getApiRevisions,
  restoreApiProductRevision,
  restoreApiRevision,
  undeployApiProductRevision,
  undeployApiRevision,
  updateApi,
  updateApiDocument,
  updateApiProduct,
  updateApiProductDocument,
} from '../client/publisher/sdk.gen';
import type {
  ApiRevision,
  ApiRevisionDeploymentList,
  ApiRevisionDeploymentWritable,
  ApiRevisionList,
  Document,
  DocumentList,
  LifecycleHistory,
  LifecycleState,
  WorkflowResponse,
} from '../client/publisher/types.gen';

interface Turn {
  limit: number;
  offset: number;
}
type Places = ApiRevisionDeploymentWritable[];
type Content = { file: File } | { inlineContent: string };
type Answer<Data> = Promise<{ data: Data }>;

/** Which API or product an archive is asked for. */
export interface Named {
  id: string;
  name: string;
  version: string;
}

/** One version of an API or of a product, as a list shows it. */
export interface Version {
  id: string;
  name: string;
  version: string;
  state?: string;
}

/** The calls of the management API that are the same for APIs and for products, but for their addresses. */
export interface SubjectCalls {
  revisions: (id: string) => Answer<ApiRevisionList>;
  freeze: (id: string, description?: string) => Answer<ApiRevision>;
  deploy: (id: string, revisionId: string, places: Places) => Promise<unknown>;
  undeploy: (id: string, revisionId: string, places: Places) => Promise<unknown>;
  restore: (id: string, revisionId: string) => Promise<unknown>;
  dropRevision: (id: string, revisionId: string) => Promise<unknown>;
  deployments: (id: string) => Answer<ApiRevisionDeploymentList>;
  /** A ZIP archive of the draft, or of the revision of that number. */
  archive: (named: Named, revisionNumber?: string) => Answer<unknown>;
  state: (id: string) => Answer<LifecycleState>;
  history: (id: string) => Answer<LifecycleHistory>;
  /** `event` is one that the state lists. */
  change: (id: string, event: string, checklist?: string) => Answer<WorkflowResponse>;
  documents: (id: string, turn: Turn) => Answer<DocumentList>;
  document: (id: string, documentId: string) => Answer<Document>;
  addDocument: (id: string, document: Document) => Answer<Document>;
  changeDocument: (id: string, documentId: string, document: Document) => Answer<Document>;
  dropDocument: (id: string, documentId: string) => Promise<unknown>;
  content: (id: string, documentId: string) => Answer<unknown>;
  write: (id: string, documentId: string, content: Content) => Promise<unknown>;
  /** All whose names begin like this one, at most a hundred. */
  versions: (name: string) => Promise<Version[]>;
  isDefault: (id: string) => Promise<boolean>;
  makeDefault: (id: string) => Promise<unknown>;
  /** Another version with all that this one has; its id. */
  copy: (id: string, newVersion: string, defaultVersion: boolean) => Promise<string>;
  remove: (id: string) => Promise<unknown>;
}

export const API: SubjectCalls = {
  revisions: (apiId) => getApiRevisions({ path: { apiId } }),
  freeze: (apiId, description) => createApiRevision({ path: { apiId }, body: { description } }),
  deploy: (apiId, revisionId, body) => deployApiRevision({ path: { apiId }, query: { revisionId }, body }),
  undeploy: (apiId, revisionId, body) => undeployApiRevision({ path: { apiId }, query: { revisionId }, body }),
  restore: (apiId, revisionId) => restoreApiRevision({ path: { apiId }, query: { revisionId } }),
  dropRevision: (apiId, revisionId) => deleteApiRevision({ path: { apiId, revisionId } }),
  deployments: (apiId) => getApiRevisionDeployments({ path: { apiId } }),
  archive: ({ id }, revisionNumber) => exportApi({ query: { apiId: id, revisionNumber, format: 'YAML' }, parseAs: 'arrayBuffer' }),
  state: (apiId) => getApiLifecycleState({ path: { apiId } }),
  history: (apiId) => getApiLifecycleHistory({ path: { apiId } }),
  change: (apiId, action, lifecycleChecklist) => changeApiLifecycle({ query: { apiId, action: action as 'Publish', lifecycleChecklist } }),
  documents: (apiId, query) => getApiDocuments({ path: { apiId }, query }),
  document: (apiId, documentId) => getApiDocumentByDocumentId({ path: { apiId, documentId } }),
  addDocument: (apiId, body) => addApiDocument({ path: { apiId }, body }),
  changeDocument: (apiId, documentId, body) => updateApiDocument({ path: { apiId, documentId }, body }),
  dropDocument: (apiId, documentId) => deleteApiDocument({ path: { apiId, documentId } }),
  content: (apiId, documentId) => getApiDocumentContentByDocumentId({ path: { apiId, documentId }, parseAs: 'text' }),
  write: (apiId, documentId, body) => addApiDocumentContent({ path: { apiId, documentId }, body }),
  versions: async (name) => {
    const { data } = await getAllApis({ query: { query: `name:"${name}"`, limit: MOST } });
    return data.list.map(({ id = '', name: named = '', version = '', lifeCycleStatus }) => ({
      id,
      name: named,
      version,
      state: lifeCycleStatus,
    }));
  },
  isDefault: async (apiId) => (await getApi({ path: { apiId } })).data.isDefaultVersion === true,
  makeDefault: async (apiId) => {
    const { data } = await getApi({ path: { apiId } });
    return updateApi({ path: { apiId }, body: { ...data, isDefaultVersion: true } });
  },
  copy: async (apiId, newVersion, defaultVersion) =>
    (await createNewApiVersion({ query: { apiId, newVersion, defaultVersion } })).data.id ?? '',
  remove: (apiId) => deleteApi({ path: { apiId } }),
};

export const PRODUCT: SubjectCalls = {
  revisions: (apiProductId) => getApiProductRevisions({ path: { apiProductId } }),
  freeze: (apiProductId, description) => createApiProductRevision({ path: { apiProductId }, body: { description } }),
  deploy: (apiProductId, revisionId, body) => deployApiProductRevision({ path: { apiProductId }, query: { revisionId }, body }),
  undeploy: (apiProductId, revisionId, body) => undeployApiProductRevision({ path: { apiProductId }, query: { revisionId }, body }),
  restore: (apiProductId, revisionId) => restoreApiProductRevision({ path: { apiProductId }, query: { revisionId } }),
  dropRevision: (apiProductId, revisionId) => deleteApiProductRevision({ path: { apiProductId, revisionId } }),
  deployments: (apiProductId) => getApiProductRevisionDeployments({ path: { apiProductId } }),
  archive: ({ name, version }, revisionNumber) =>
    exportApiProduct({ query: { name, version, revisionNumber, format: 'YAML' }, parseAs: 'arrayBuffer' }),
  state: (apiProductId) => getApiProductLifecycleState({ path: { apiProductId } }),
  history: (apiProductId) => getApiProductLifecycleHistory({ path: { apiProductId } }),
  change: (apiProductId, action, lifecycleChecklist) =>
    changeApiProductLifecycle({ query: { apiProductId, action: action as 'Publish', lifecycleChecklist } }),
  documents: (apiProductId, query) => getApiProductDocuments({ path: { apiProductId }, query }),
  document: (apiProductId, documentId) => getApiProductDocument({ path: { apiProductId, documentId } }),
  addDocument: (apiProductId, body) => addApiProductDocument({ path: { apiProductId }, body }),
  changeDocument: (apiProductId, documentId, body) => updateApiProductDocument({ path: { apiProductId, documentId }, body }),
  dropDocument: (apiProductId, documentId) => deleteApiProductDocument({ path: { apiProductId, documentId } }),
  content: (apiProductId, documentId) => getApiProductDocumentContent({ path: { apiProductId, documentId }, parseAs: 'text' }),
  write: (apiProductId, documentId, body) => addApiProductDocumentContent({ path: { apiProductId, documentId }, body }),
  versions: async (name) => {
    const { data } = await getAllApiProducts({ query: { query: `name:"${name}"`, limit: MOST } });
    return (data.list ?? []).map(({ id = '', name: named = '', version = '', state }) => ({ id, name: named, version, state }));
  },
  isDefault: async (apiProductId) => (await getApiProduct({ path: { apiProductId } })).data.isDefaultVersion === true,
  makeDefault: async (apiProductId) => {
    const { data } = await getApiProduct({ path: { apiProductId } });
    return updateApiProduct({ path: { apiProductId }, body: { ...data, isDefaultVersion: true } });
  },
  copy: async (apiProductId, newVersion, defaultVersion) =>
    (await createNewApiProductVersion({ query: { apiProductId, newVersion, defaultVersion } })).data.id ?? '',
  remove: (apiProductId) => deleteApiProduct({ path: { apiProductId } }),
};

const MOST = 100;
