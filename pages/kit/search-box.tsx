import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { words } from './words';

/** A search field that waits for a pause in typing. */
export function SearchBox({ label, value, onSearch }: { label: string; value: string; onSearch: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // What clears the filters clears the field; anything else that comes back is only what was typed here.
  if (value !== seen) {
    setSeen(value);
    if (value === '') setText('');
  }
  const search = useDebouncedCallback(onSearch, 250);
  function change(next: string) {
    setText(next);
    search(next.trim());
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={17} />}
      rightSection={text ? <CloseButton size="sm" aria-label={words.clearFilters} onClick={() => change('')} /> : null}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      style={{ flex: '1 1 16rem', maxWidth: '26rem' }}
    />
  );
}
