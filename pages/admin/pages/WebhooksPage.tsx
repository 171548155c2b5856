import { WebhookList } from '../../kit/alerts/webhook-list';
import { PageHeader, Panels } from '../../kit/page-parts';
import { words } from '../words';

/** Where signed messages go to: of alerts, of reports, and of what is decided outside. */
export function WebhooksPage() {
  return (
    <>
      <PageHeader title={words.webhooks.title} lead={words.webhooks.lead} />
      <Panels>
        <WebhookList />
      </Panels>
    </>
  );
}
