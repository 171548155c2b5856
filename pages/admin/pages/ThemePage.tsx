import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { exportTenantConfigOptions } from '../../client/admin/@tanstack/react-query.gen';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { ThemeEdit } from '../forms/theme-edit';
import { words } from '../words';

const w = words.theme;

/** How the Developer Portal and the pages of accounts look. */
export function ThemePage() {
  const config = useQuery(exportTenantConfigOptions());
  return (
    <>
      <PageHeader
        title={w.title}
        lead={w.lead}
        actions={
          <Button component="a" href="/devportal/" target="_blank" variant="default">
            {w.see}
          </Button>
        }
      />
      <QueryView query={config}>{({ Theme = {} }) => <ThemeEdit theme={Theme} />}</QueryView>
    </>
  );
}
