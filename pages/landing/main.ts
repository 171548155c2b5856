import type { Api, ApiList } from '../client/devportal/types.gen';

/** Fills the landing page with the address that it was reached by, and a call that works there. */
async function show() {
  element('gateway').textContent = location.origin;
  // Works on any platform, and without a key; better is a call of an API that is there.
  let call = `curl ${location.origin}/api/am/devportal/v3/apis`;
  element('curl').textContent = call;
  const copy = element('copy');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(call);
    label(copy, 'Copied');
    setTimeout(() => label(copy, 'Copy'), 2000);
  });
  call = (await firstCall().catch(() => undefined)) ?? call;
  element('curl').textContent = call;
}

async function firstCall(): Promise<string | undefined> {
  const apiId = (await read<ApiList>('/apis?limit=1')).list[0]?.id;
  if (!apiId) return undefined;
  const api = await read<Api>(`/apis/${encodeURIComponent(apiId)}`);
  const operation = api.operations?.find(({ verb, target }) => verb === 'GET' && !target?.includes('{'));
  if (!operation) return undefined;
  return `curl ${location.origin}${pathOf(api)}${operation.target} \\\n  -H '${api.apiKeyHeader || 'ApiKey'}: <your key>'`;
}

/** Without the client of the portals: who only looks at this page waits for nothing of theirs. */
async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`/api/am/devportal/v3${path}`, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as Answer;
}

function pathOf(api: Api): string {
  const urls = api.endpointURLs?.[0]?.URLs;
  const url = urls?.https || urls?.http;
  return url ? new URL(url, location.origin).pathname.replace(/\/$/, '') : `${api.context}/${api.version}`;
}

function label(button: HTMLElement, text: string) {
  const span = button.querySelector('span');
  if (span) span.textContent = text;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element \`${id}\``);
  return found;
}

show();
