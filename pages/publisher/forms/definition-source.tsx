import { Button, FileButton, Group, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { words } from '../words';
import classes from './definition-source.module.css';

/** Exactly one of the three ways in which the platform takes a definition. */
export type Source = { file: File } | { inlineAPIDefinition: string } | { url: string };

interface SourceProps {
  isReading: boolean;
  onChoose: (source: Source) => void;
}

export function DefinitionSource({ kind, ...rest }: SourceProps & { kind: 'file' | 'text' | 'url' }) {
  if (kind === 'file') return <FileSource {...rest} />;
  return kind === 'text' ? <TextSource {...rest} /> : <AddressSource {...rest} />;
}

function FileSource({ isReading, onChoose }: SourceProps) {
  const [name, setName] = useState('');
  const [isOver, setIsOver] = useState(false);
  function choose(file: File | null | undefined) {
    if (!file) return;
    setName(file.name);
    onChoose({ file });
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    choose(event.dataTransfer.files[0]);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button within does the same.
    <div
      className={classes.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={34} stroke={1.4} aria-hidden="true" />
      <Text>{name ? words.import.chosen(name) : words.import.drop}</Text>
      <FileButton
        onChange={choose}
        accept=".json,.yaml,.yml,application/json,application/yaml"
        inputProps={{ 'aria-label': words.import.choose }}
      >
        {(props) => (
          <Button {...props} variant={name ? 'default' : 'filled'} loading={isReading}>
            {words.import.choose}
          </Button>
        )}
      </FileButton>
    </div>
  );
}

/** Reads what is typed after a short pause: the faults are there while the text still is. */
function TextSource({ onChoose }: SourceProps) {
  const read = useDebouncedCallback((text: string) => {
    if (text.trim() !== '') onChoose({ inlineAPIDefinition: text });
  }, 600);
  return (
    <Textarea
      label={words.import.paste}
      rows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem' } }}
      onChange={(event) => read(event.currentTarget.value)}
    />
  );
}

function AddressSource({ isReading, onChoose }: SourceProps) {
  const [url, setUrl] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChoose({ url: url.trim() });
      }}
    >
      <Group align="end" gap="sm">
        <TextInput
          type="url"
          required
          label={words.import.address}
          description={words.import.addressHelp}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          style={{ flex: '1 1 18rem' }}
        />
        <Button type="submit" loading={isReading}>
          {words.import.read}
        </Button>
      </Group>
    </form>
  );
}
