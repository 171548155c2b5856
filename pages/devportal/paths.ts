/** Every address of the Developer Portal; links use nothing else. */
export const paths = {
  catalogue: () => '/',
  api: (apiId: string) => `/apis/${apiId}`,
  console: (apiId: string) => `/apis/${apiId}/console`,
  applications: () => '/applications',
  statistics: () => '/statistics',
  application: (applicationId: string) => `/applications/${applicationId}`,
};
