import { Group, Text, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Badge } from '../../kit/badges';
import { words } from '../words';
import classes from './color-field.module.css';
import { READABLE } from './contrast';

const w = words.theme;

interface ColorFieldProps {
  label: string;
  help: string;
  /** What it is while nothing is said. */
  shipped: string;
  /** How well text can be read with it; absent where it is no colour. */
  contrast: number | undefined;
  value?: string;
  onChange: (value: string) => void;
  error?: ReactNode;
}

/** A colour, typed or picked, with its contrast. */
export function ColorField({ label, help, shipped, contrast, value = '', onChange, error }: ColorFieldProps) {
  const id = useId();
  return (
    <div>
      <Group align="end" gap="sm" wrap="nowrap">
        <TextInput
          label={label}
          description={help}
          placeholder={shipped}
          maxLength={7}
          spellCheck={false}
          error={error}
          aria-describedby={id}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <input
          className={classes.picker}
          type="color"
          aria-label={w.pick(label)}
          value={/^#[0-9a-f]{6}$/i.test(value) ? value : shipped}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </Group>
      <Text id={id} size="sm" mt={6} component="div" aria-live="polite">
        {contrast === undefined ? (
          <Text span size="sm" c="dimmed">
            {value === '' ? w.asShipped : w.colourRule}
          </Text>
        ) : (
          <Badge tone={contrast < READABLE ? 'bad' : 'good'} label={w.contrast(contrast)} />
        )}
      </Text>
    </div>
  );
}
