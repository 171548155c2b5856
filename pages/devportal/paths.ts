/** Every address of the Developer Portal; links use nothing else. */
export const paths = {
  catalogue: () => '/',
  api: (apiId: string) => `/apis/${apiId}`,
  console: (apiId: string) => `/apis/${apiId}/console`,
  reference: (apiId: string) => `/apis/${apiId}/reference`,
  documents: (apiId: string) => `/apis/${apiId}/documents`,
  apiKeys: (apiId: string) => `/apis/${apiId}/keys`,
  comments: (apiId: string) => `/apis/${apiId}/comments`,
  applications: () => '/applications',
  statistics: () => '/statistics',
  application: (applicationId: string) => `/applications/${applicationId}`,
};
