import { Button, FileInput, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { exportTenantConfig, updateTenantConfig } from '../../client/admin/sdk.gen';
import type { TenantConfig } from '../../client/admin/types.gen';
import { Panel, Panels } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';
import { ColorField } from './color-field';
import { contrastOf, READABLE } from './contrast';

type Theme = NonNullable<TenantConfig['Theme']>;
const w = words.theme;

/** Colours, logo and first words, with a look at what they make. */
export function ThemeEdit({ theme }: { theme: Theme }) {
  const refresh = useRefresh();
  useHold();
  const form = useForm({ initialValues: startOf(theme), validate: RULES, onSubmitPreventDefault: 'always' });
  const [tooLarge, setTooLarge] = useState<string>();
  const saved = useMutation({
    mutationFn: async (values: Values) => {
      const { data } = await exportTenantConfig();
      await updateTenantConfig({ body: { ...data, Theme: themeOf(values) } });
    },
    onSuccess: async (_, values) => {
      form.resetDirty(values);
      await refresh();
      done(w.saved);
    },
  });
  async function choose(file: File | null) {
    const isFit = !file || file.size <= MOST_BYTES;
    setTooLarge(isFit ? undefined : w.logoRule);
    if (file && isFit) form.setFieldValue('logo', await addressOf(file));
  }
  function restore() {
    form.setValues(startOf({}));
    saved.mutate(startOf({}));
  }
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Panels>
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <Panels halves>
          <Panel title={w.colours}>
            <Stack gap="md">
              <ColorField
                label={w.brand}
                help={w.brandHelp}
                shipped={SHIPPED.brand}
                contrast={brandContrast(form.values.brand)}
                {...form.getInputProps('brand')}
              />
              <ColorField
                label={w.accent}
                help={w.accentHelp}
                shipped={SHIPPED.accent}
                contrast={contrastOf(form.values.accent, INK)}
                {...form.getInputProps('accent')}
              />
            </Stack>
          </Panel>
          <Panel title={w.logo}>
            <Stack gap="md">
              {form.values.logo ? (
                <img src={form.values.logo} alt={w.logoAlt} style={{ maxWidth: '100%', height: 40, alignSelf: 'start' }} />
              ) : (
                <Text c="dimmed">{w.noLogo}</Text>
              )}
              <FileInput
                label={w.logoFile}
                description={w.logoHelp}
                placeholder={w.chooseFile}
                accept="image/png,image/svg+xml"
                error={tooLarge}
                onChange={choose}
              />
              {form.values.logo ? (
                <Button variant="default" onClick={() => form.setFieldValue('logo', '')} style={{ alignSelf: 'start' }}>
                  {w.removeLogo}
                </Button>
              ) : null}
            </Stack>
          </Panel>
        </Panels>
        <Panel title={w.texts}>
          <Stack gap="md">
            <TextInput label={w.headline} description={w.headlineHelp} maxLength={80} {...form.getInputProps('headline')} />
            <Textarea label={w.lead_} rows={2} maxLength={240} {...form.getInputProps('lead')} />
          </Stack>
        </Panel>
        <Group>
          <Button type="submit" disabled={!form.isDirty()} loading={saved.isPending}>
            {kit.save}
          </Button>
          <Button variant="default" disabled={saved.isPending || Object.keys(theme).length === 0} onClick={restore}>
            {w.restore}
          </Button>
        </Group>
      </Panels>
    </form>
  );
}

interface Values {
  brand: string;
  accent: string;
  headline: string;
  lead: string;
  logo: string;
}

function startOf({ Brand = '', Accent = '', Headline = '', Lead = '', Logo = '' }: Theme): Values {
  return { brand: Brand, accent: Accent, headline: Headline, lead: Lead, logo: Logo };
}

/** What is empty stays as it is shipped. */
function themeOf({ brand, accent, headline, lead, logo }: Values): Theme {
  const named = { Brand: brand.trim(), Accent: accent.trim(), Headline: headline.trim(), Lead: lead.trim(), Logo: logo };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== ''));
}

/** As the ground of white text and as text on the page, whichever is worse. */
function brandContrast(brand: string): number | undefined {
  const [ground, text] = [contrastOf(brand, '#ffffff'), contrastOf(brand, SUNKEN)];
  return ground === undefined || text === undefined ? undefined : Math.min(ground, text);
}

function rule(contrast: (color: string) => number | undefined) {
  return (color: string) => {
    if (color.trim() === '') return null;
    const ratio = contrast(color.trim());
    if (ratio === undefined) return w.colourRule;
    return ratio < READABLE ? w.contrastRule : null;
  };
}

function addressOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

const RULES = { brand: rule(brandContrast), accent: rule((color) => contrastOf(color, INK)) };
/** As the platform has them. */
const MOST_BYTES = 32 * 1024;
const SUNKEN = '#f1eee7';
const INK = '#1a2320';
const SHIPPED = { brand: '#1a6757', accent: '#e0a32f' };
