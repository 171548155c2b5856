// Runs before the first paint: colours and direction of the page; and what the page will ask for, so that it comes beside the
// scripts and not after them. Where a page has a plan (`tools/first-load.ts`), its scripts start once the outline has been seen.
(() => {
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
    for (const part of parts) advance(part, language);
    // A page that nobody sees is never painted.
    if (document.hidden) entries.forEach(start);
    else requestAnimationFrame(() => requestAnimationFrame(() => entries.forEach(start)));
  }

  function advance({ at, files, texts, reads }, language) {
    const found = new RegExp(at).exec(location.pathname + location.search);
    if (!found) return;
    for (const file of [...files, ...texts[language]]) bring(file, file.endsWith('.css') ? 'style' : 'script');
    for (const read of reads) bring(read.replace('*', found[1]), 'fetch');
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
