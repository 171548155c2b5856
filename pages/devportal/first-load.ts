import type { Part } from '../tools/first-load.ts';

const STORE = '/api/am/devportal/v3';
const API = `${STORE}/apis`;

/** What the pages that strangers meet first are made of and read. `first-load.test.mjs` holds it to what they really ask for. */
export const parts: Part[] = [
  { at: '^/devportal(/|/apis/?)?$', modules: [], reads: [`${API}?limit=24&offset=0`, `${STORE}/tags?limit=12`, `${STORE}/theme`] },
  { at: '^/devportal/apis/([^/?]+)', modules: ['devportal/pages/ApiLayout.tsx'], reads: [`${API}/*`], heading: `${API}/*` },
  {
    at: '^/devportal/apis/([^/?]+)/?([?]|$)',
    modules: ['devportal/pages/OverviewPage.tsx'],
    reads: [`${API}/*/swagger`],
    lead: 'description',
  },
  { at: '^/devportal/apis/([^/?]+)/reference', modules: ['devportal/pages/ReferencePage.tsx'], reads: [`${API}/*/swagger`] },
  { at: '^/devportal/apis/([^/?]+)/console', modules: ['devportal/pages/ConsolePage.tsx'], reads: [`${API}/*/swagger`] },
];
