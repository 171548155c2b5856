import { IconUpload } from '@tabler/icons-react';
import { EmptyState } from '../../kit/empty-state';
import { LinkButton } from '../../kit/link-button';
import { paths } from '../paths';
import { words } from '../words';

/** Where a publisher has nothing yet. */
export function NoApis() {
  return (
    <EmptyState
      title={words.apis.emptyTitle}
      help={words.apis.emptyHelp}
      action={
        <LinkButton to={paths.importApi()} size="md" leftSection={<IconUpload size={18} />}>
          {words.apis.import}
        </LinkButton>
      }
    />
  );
}
