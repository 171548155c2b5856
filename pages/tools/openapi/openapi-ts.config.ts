import { defineConfig } from '@hey-api/openapi-ts';

const documents = ['publisher', 'devportal', 'admin', 'analytics', 'alerts', 'governance', 'service-catalog'];

/** One client for each document of `api/`, so that a portal loads only what it calls. */
export default defineConfig(
  documents.map((name) => ({
    input: `../../../api/${name}.yaml`,
    output: { path: `../../client/${name}` },
    plugins: [
      { name: '@hey-api/client-fetch', runtimeConfigPath: '../../kit/request.ts', throwOnError: true },
      '@hey-api/typescript',
      '@hey-api/sdk',
      '@tanstack/react-query',
    ],
  })),
);
