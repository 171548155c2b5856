import { PageMessage } from './page-message';
import { words } from './words';

/** For an address that no page has. */
export function NotFound() {
  return <PageMessage title={words.notFound.title} help={words.notFound.help} />;
}
