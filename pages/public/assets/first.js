// Runs before the first paint: colours and direction of the page; and what the page will ask for, so that it comes beside the
// scripts and not after them. Where a page has a plan (`tools/first-load.ts`), its scripts start once the outline has been seen,
// and with it the heading, where the plan names the answer that has one.
(() => {
  // Longer than an answer takes that comes before the scripts, and shorter than anybody sees where it comes after them.
  const MOST_BEFORE_SCRIPTS_MS = 150;
  // What would be seen as letters that mean something else.
  const MARKDOWN = /[*_`#<>[\]|~\\]|^\s*[-+\d]/m;
  const root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', schemeOf(kept('mantine-color-scheme-value')));
  const plan = document.getElementById('first-load');
  if (plan) follow(JSON.parse(plan.textContent));

  function schemeOf(chosen) {
    if (chosen === 'light' || chosen === 'dark') return chosen;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }

  function follow({ entries, parts }) {
    const language = languageOf([kept('postern-language'), ...navigator.languages]);
    root.lang = language;
    root.dir = language === 'ar' ? 'rtl' : 'ltr';
    const met = parts.flatMap((part) => {
      const found = new RegExp(part.at).exec(location.pathname + location.search);
      return found ? [{ ...part, thing: found[1] }] : [];
    });
    const { heading, thing } = met.find((part) => part.heading) ?? {};
    const lead = met.find((part) => part.lead)?.lead;
    for (const part of met) advance(part, language, heading);
    const headed = Promise.race([shown(heading?.replace('*', thing), lead), wait(MOST_BEFORE_SCRIPTS_MS)]);
    headed.then(painted).then(() => entries.forEach(start));
  }

  function advance({ files, texts, reads, thing }, language, heading) {
    for (const file of [...files, ...texts[language]]) bring(file, file.endsWith('.css') ? 'style' : 'script');
    for (const read of reads) if (read !== heading) bring(read.replace('*', thing), 'fetch');
  }

  /** Shows name and version in the outline as soon as they are told; `kit/request.ts` takes the answer from where it is put here. */
  async function shown(address, lead) {
    if (!address) return;
    const asked = fetch(new Request(address));
    window.firstAnswers = new Map([[address, asked]]);
    const told = await asked.then((answer) => (answer.ok ? answer.clone().json() : undefined)).catch(() => undefined);
    const outline = document.querySelector('.first-page');
    if (!told?.name || !outline) return;
    const lines = [element('small', told.version), element('h1', told.displayName || told.name), document.createElement('hr')];
    const [text] = (told[lead] ?? '').split('\n\n');
    if (text && !MARKDOWN.test(text)) lines.push(element('p', text));
    outline.replaceChildren(...lines, ...[...outline.children].slice(2));
  }

  function element(name, text) {
    return Object.assign(document.createElement(name), { textContent: text });
  }

  /** Waits until what is on the page now has been painted. */
  function painted() {
    // A page that nobody sees never is.
    if (document.hidden) return undefined;
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }

  function wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** As `kit/language.ts` chooses. */
  function languageOf(tags) {
    return tags.map((tag) => tag.split('-')[0]).find((tag) => ['en', 'de', 'ar'].includes(tag)) ?? 'en';
  }

  function bring(href, as) {
    const link = document.createElement('link');
    if (as === 'script') Object.assign(link, { rel: 'modulepreload', fetchPriority: 'low' });
    else Object.assign(link, { rel: 'preload', as });
    document.head.append(Object.assign(link, { crossOrigin: 'anonymous', href }));
  }

  function start(src) {
    document.head.append(Object.assign(document.createElement('script'), { type: 'module', crossOrigin: 'anonymous', src }));
  }

  function kept(key) {
    try {
      return localStorage.getItem(key) ?? '';
    } catch {
      // A browser that keeps nothing for us.
      return '';
    }
  }
})();
