/** Every address of the Publisher; links use nothing else. */
export const paths = {
  apis: () => '/',
  importApi: () => '/import',
  api: (apiId: string) => `/apis/${apiId}`,
  operations: (apiId: string) => `/apis/${apiId}/operations`,
  definition: (apiId: string) => `/apis/${apiId}/definition`,
  endpoints: (apiId: string) => `/apis/${apiId}/endpoints`,
  plans: (apiId: string) => `/apis/${apiId}/plans`,
  revisions: (apiId: string) => `/apis/${apiId}/revisions`,
  lifecycle: (apiId: string) => `/apis/${apiId}/lifecycle`,
  subscribers: (apiId: string) => `/apis/${apiId}/subscribers`,
  allStatistics: () => '/statistics',
  statistics: (apiId: string) => `/apis/${apiId}/statistics`,
};
