import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { parts as devportal } from './devportal/first-load.ts';
import { firstLoad, portal } from './tools/first-load.ts';
import { localPlatform } from './tools/local-platform.ts';
import { themeStyles } from './tools/theme-styles.ts';

const PARTS = {
  'sign-in': [{ ...portal, reads: [] }],
  publisher: [portal],
  devportal: [portal, ...devportal],
  admin: [portal],
};

const LIBRARY = /[\\/]node_modules[\\/]|rolldown[\\/]runtime/;
/** What sign-in alone needs at once, and the portals should not wait for. */
const FORM = /@mantine[\\/]form[\\/]/;
const CLIENT = /[\\/]pages[\\/](client[\\/](?:admin|devportal|publisher))[\\/]/;
/** All of a portal but what starts it: that runs for its own page alone. */
const OWN = /[\\/]pages[\\/](admin|devportal|publisher|sign-in)[\\/](?!main\.tsx|index\.html)/;

/** What makes and shows calls, in two portals; and the pages of an API that strangers meet first. */
const CONSOLE = /[\\/]pages[\\/]kit[\\/](?:console[\\/](?!operation-search)|prose-view|prose\.module)/;
const API =
  /[\\/]pages[\\/]devportal[\\/](?:pages[\\/](?:ApiLayout|OverviewPage|ConsolePage)|console[\\/](?:api-caller|credential-fields)|credential|access\.ts|use-api)/;

/** Five pages, one folder each; shared code ends up in shared chunks below `assets/`. */
export default defineConfig({
  plugins: [react(), themeStyles(), localPlatform(), firstLoad(PARTS)],
  appType: 'mpa',
  build: {
    target: 'es2023',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['index.html', 'sign-in/index.html', 'publisher/index.html', 'devportal/index.html', 'admin/index.html'],
      // What pages need at once comes in few files: on HTTP/1.1 each costs a way there and back.
      output: {
        codeSplitting: {
          groups: [
            { name: 'libraries', test: (id) => LIBRARY.test(id) && !FORM.test(id), tags: ['$initial'] },
            { name: 'form', test: FORM },
            { name: 'textarea', test: /[\\/]components[\\/]Textarea[\\/]/ },
            { name: 'kit', test: /[\\/]pages[\\/](?:kit|client[\\/]runtime)[\\/]/, tags: ['$initial'] },
            { name: 'analytics', test: /[\\/]pages[\\/]client[\\/]analytics[\\/]/ },
            { debugName: 'clients', name: (id) => CLIENT.exec(id)?.[1]?.replace(/\W/, '-'), test: CLIENT, tags: ['$initial'] },
            { debugName: 'portals', name: (id) => OWN.exec(id)?.[1], test: OWN, tags: ['$initial'] },
            { name: 'console', test: CONSOLE },
            { name: 'api', test: API },
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
