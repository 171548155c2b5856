import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { localPlatform } from './tools/local-platform.ts';
import { themeStyles } from './tools/theme-styles.ts';

/** Five pages, one folder each; shared code ends up in shared chunks below `assets/`. */
export default defineConfig({
  plugins: [react(), themeStyles(), localPlatform()],
  appType: 'mpa',
  build: {
    target: 'es2023',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['index.html', 'sign-in/index.html', 'publisher/index.html', 'devportal/index.html', 'admin/index.html'],
      // What pages need at once comes in few files: on HTTP/1.1 each costs a way there and back.
      output: {
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules/, tags: ['$initial'] },
            { name: 'kit', test: /[\\/]pages[\\/]kit[\\/]/, tags: ['$initial'] },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./mock/vitest.ts'],
    include: ['**/*.test.{ts,tsx}'],
    css: false,
    testTimeout: 40_000,
  },
});
