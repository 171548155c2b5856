// Runs before the first paint: the colour scheme that was chosen here, else the one of the system.
(() => {
  const kept = localStorage.getItem('mantine-color-scheme-value');
  const wanted = kept === 'light' || kept === 'dark' ? kept : undefined;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.setAttribute('data-mantine-color-scheme', wanted ?? (dark ? 'dark' : 'light'));
})();
