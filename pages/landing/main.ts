/** Fills the landing page with the address that it was reached by. */
function show() {
  const call = `curl ${location.origin}/sample/petstore/store/inventory \\\n  -H 'ApiKey: <your key from the Developer Portal>'`;
  const gateway = element('gateway');
  const curl = element('curl');
  gateway.textContent = location.origin;
  curl.textContent = call;
  const copy = element('copy');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(call);
    label(copy, 'Copied');
    setTimeout(() => label(copy, 'Copy'), 2000);
  });
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
