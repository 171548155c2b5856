/** Every address of the Publisher; links use nothing else. */
export const paths = {
  home: () => '/',
  apis: () => '/apis',
  importApi: () => '/import',
  sharedPolicies: () => '/policies',
  scopes: () => '/scopes',
  services: () => '/services',
  products: () => '/products',
  productNew: () => '/products/new',
  product: (productId: string) => `/products/${productId}`,
  api: (apiId: string) => `/apis/${apiId}`,
  operations: (apiId: string) => `/apis/${apiId}/operations`,
  definition: (apiId: string) => `/apis/${apiId}/definition`,
  policies: (apiId: string) => `/apis/${apiId}/policies`,
  compliance: (apiId: string) => `/apis/${apiId}/compliance`,
  endpoints: (apiId: string) => `/apis/${apiId}/endpoints`,
  documents: (apiId: string) => `/apis/${apiId}/documents`,
  document: (apiId: string, documentId: string) => `/apis/${apiId}/documents/${documentId}`,
  comments: (apiId: string) => `/apis/${apiId}/comments`,
  versions: (apiId: string) => `/apis/${apiId}/versions`,
  test: (apiId: string) => `/apis/${apiId}/test`,
  plans: (apiId: string) => `/apis/${apiId}/plans`,
  complexity: (apiId: string) => `/apis/${apiId}/complexity`,
  revisions: (apiId: string) => `/apis/${apiId}/revisions`,
  lifecycle: (apiId: string) => `/apis/${apiId}/lifecycle`,
  subscribers: (apiId: string) => `/apis/${apiId}/subscribers`,
  changes: (apiId: string) => `/apis/${apiId}/changes`,
  allAlerts: () => '/alerts',
  alerts: (apiId: string) => `/apis/${apiId}/alerts`,
  allStatistics: () => '/statistics',
  statistics: (apiId: string) => `/apis/${apiId}/statistics`,
};

/** The pages that APIs and products both have. */
export const partsOf = (kind: 'api' | 'product', id: string) => {
  const home = kind === 'api' ? paths.api(id) : paths.product(id);
  return {
    all: kind === 'api' ? paths.apis() : paths.products(),
    home,
    documents: `${home}/documents`,
    document: (documentId: string) => `${home}/documents/${documentId}`,
    revisions: `${home}/revisions`,
    lifecycle: `${home}/lifecycle`,
    versions: `${home}/versions`,
    subscribers: `${home}/subscribers`,
    changes: `${home}/changes`,
  };
};
