/**
 * Adds what the organization changes of the look. The platform writes the sheet, so it is no part of the page; the page does not wait
 * for it either.
 */
export function wearTheme() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = '/api/am/devportal/v3/theme/stylesheet';
  document.head.append(link);
}
