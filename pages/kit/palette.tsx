import { Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { managementCurl } from './curl';
import classes from './palette.module.css';
import type { Finder, Goal } from './palette-view';
import { callsOf } from './request';
import { done } from './toast';
import { words } from './words';

/** A field, and below it what it leads to: pages, things found, calls behind the page, other portals. */
export default function Palette({ pages, find, onClose }: { pages: Goal[]; find?: Finder; onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const navigate = useNavigate();
  const [asked] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({ queryKey: ['palette', asked], queryFn: () => find?.(asked) ?? [], enabled: asked !== '' && find !== undefined });
  const goals = [...named(pages, text), ...(asked === '' ? [] : (found.data ?? [])), ...named(everywhere(), text)].slice(0, MOST);
  function choose(goal: Goal | undefined) {
    if (!goal) return;
    onClose();
    if (goal.to) navigate({ to: goal.to });
    else if (goal.href) location.assign(goal.href);
    else goal.onChoose?.();
  }
  function press(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Enter') choose(goals[at]);
    if (step === undefined) return;
    event.preventDefault();
    setAt((at + step + goals.length) % Math.max(1, goals.length));
  }
  return (
    // The scroll lock writes a style element, see the theme.
    <Modal.Root opened onClose={onClose} size="lg" yOffset="10vh" centered={false} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={words.palette.open}>
        <TextInput
          data-autofocus
          size="lg"
          variant="unstyled"
          className={classes.field}
          leftSection={<IconSearch size={19} />}
          aria-label={words.palette.label}
          placeholder={words.palette.label}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={goals[at] ? `${id}-${at}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <div id={id} role="listbox" aria-label={words.palette.open} className={classes.list} tabIndex={-1}>
          {goals.map((goal, place) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
            <div
              key={`${goal.label} ${goal.hint} ${goal.to}`}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === at}
              className={classes.goal}
              onClick={() => choose(goal)}
              onMouseMove={() => setAt(place)}
            >
              <span>{goal.label}</span>
              <span className={classes.hint}>{goal.hint}</span>
            </div>
          ))}
        </div>
        {goals.length === 0 ? (
          <Text c="dimmed" p="md" role="status">
            {found.isFetching ? words.loading : words.nothingMatches}
          </Text>
        ) : null}
      </Modal.Content>
    </Modal.Root>
  );
}

/** What there is in every portal. */
function everywhere(): Goal[] {
  return [
    ...callsOf().map((path) => ({
      label: words.calls.copy,
      hint: `GET ${path}`,
      onChoose: () => navigator.clipboard.writeText(managementCurl(path)).then(() => done(words.copied)),
    })),
    ...Object.entries(words.portals).map(([name, label]) => ({ label, hint: words.switchPortal, href: `/${name}/` })),
    { label: words.documents, href: '/docs/' },
    { label: words.yourAccount, href: '/account/' },
  ];
}

function named(goals: Goal[], text: string): Goal[] {
  const parts = text.toLowerCase().split(/\s+/);
  return goals.filter(({ label, hint }) => parts.every((part) => `${label} ${hint}`.toLowerCase().includes(part)));
}

const MOST = 30;
