import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge } from './badges';
import { Confirm } from './confirm';
import { ago } from './format';
import { ProblemView } from './problem-view';
import { useSession } from './session';
import type { Remark, TalkSource } from './talk';
import classes from './talk.module.css';
import { words } from './talk-words';
import { done } from './toast';
import { words as kit } from './words';

/** One comment, and what its reader may do with it. */
export function Said({ remark, source, onReply }: { remark: Remark; source: TalkSource; onReply?: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const [state, setState] = useState<'edit' | 'delete'>();
  const author = remark.createdBy ?? '';
  const isMine = session?.username === author;
  const mayDelete = isMine || session?.roles?.includes('admin');
  if (state === 'edit') {
    return (
      <Writing
        label={words.editOf}
        action={kit.save}
        start={remark.content}
        source={source}
        onSend={(text) => source.edit(remark.id ?? '', text)}
        onClose={() => setState(undefined)}
      />
    );
  }
  return (
    <article className={classes.said}>
      <header className={classes.head}>
        <strong>{author}</strong>
        {remark.entryPoint === 'publisher' ? <Badge tone="cool" label={words.publisher} /> : null}
        <Text span size="sm" c="dimmed">
          {ago(remark.createdTime)}
          {remark.updatedTime ? `, ${words.changed}` : ''}
        </Text>
      </header>
      <p className={classes.words}>{remark.content}</p>
      <Group gap={4}>
        {onReply ? (
          <Button size="compact-xs" variant="subtle" aria-label={words.replyTo(author)} onClick={onReply}>
            {words.reply}
          </Button>
        ) : null}
        {isMine ? (
          <Button size="compact-xs" variant="subtle" aria-label={words.editOf} onClick={() => setState('edit')}>
            {kit.edit}
          </Button>
        ) : null}
        {mayDelete ? (
          <Button size="compact-xs" variant="subtle" color="red" aria-label={words.deleteOf(author)} onClick={() => setState('delete')}>
            {kit.delete}
          </Button>
        ) : null}
      </Group>
      {state === 'delete' ? (
        <Confirm
          title={words.deleteTitle}
          body={words.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            source
              .remove(remark.id ?? '')
              .then(() => queries.invalidateQueries({ queryKey: source.key }))
              .then(() => done(words.deleted))
          }
          onClose={() => setState(undefined)}
        />
      ) : null}
    </article>
  );
}

interface WritingProps {
  label: string;
  action: string;
  start?: string;
  source: TalkSource;
  onSend: (text: string) => Promise<unknown>;
  onClose?: () => void;
}

/** Where a comment, a reply or a change of one is written. */
export function Writing({ label, action, start = '', source, onSend, onClose }: WritingProps) {
  const [text, setText] = useState(start);
  const queries = useQueryClient();
  const sent = useMutation({
    mutationFn: () => onSend(text.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: source.key });
      setText('');
      onClose?.();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') sent.mutate();
      }}
    >
      <Stack gap="sm">
        {sent.isError ? <ProblemView thrown={sent.error} /> : null}
        <Textarea label={label} rows={3} maxLength={LONGEST} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Group gap="sm">
          <Button type="submit" loading={sent.isPending} disabled={text.trim() === ''}>
            {action}
          </Button>
          {onClose ? (
            <Button variant="default" onClick={onClose}>
              {kit.cancel}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

/** What the platform takes. */
const LONGEST = 512;
