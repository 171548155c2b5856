import { Button, Stack, Text } from '@mantine/core';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState } from './empty-state';
import { Pages } from './list-table';
import { useTurn } from './listed';
import { Panel } from './page-parts';
import { QueryView } from './query-view';
import { useSession } from './session';
import classes from './talk.module.css';
import { Said, Writing } from './talk-parts';
import { words } from './talk-words';

export interface Remark {
  id?: string;
  content?: string;
  createdTime?: string;
  createdBy?: string;
  updatedTime?: string;
  entryPoint?: 'publisher' | 'devPortal';
  replies?: { list?: Remark[]; pagination?: { total?: number } };
}

/** The same comments through the API of whichever portal shows them. */
export interface TalkSource {
  key: QueryKey;
  read: (page: { limit: number; offset: number }) => Promise<{ list?: Remark[]; pagination?: { total?: number } }>;
  readReplies: (id: string) => Promise<{ list?: Remark[] }>;
  add: (content: string, replyTo?: string) => Promise<unknown>;
  edit: (id: string, content: string) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
}

/** Comments on an API: threads of one level, the newest first. */
export function Talk({ source }: { source: TalkSource }) {
  const { limit, offset } = useTurn(20);
  const session = useSession();
  const threads = useQuery({ queryKey: [...source.key, offset], queryFn: () => source.read({ limit, offset }) });
  return (
    <Stack gap="lg">
      {session?.signedIn ? (
        <Panel>
          <Writing label={words.yours} action={words.add} source={source} onSend={(text) => source.add(text)} />
        </Panel>
      ) : null}
      <QueryView query={threads}>
        {({ list = [], pagination }) =>
          list.length === 0 ? (
            <EmptyState title={words.emptyTitle} help={words.emptyHelp} />
          ) : (
            <div>
              <Text size="sm" c="dimmed" mb="sm">
                {words.count(pagination?.total ?? list.length)}
              </Text>
              <ul className={classes.threads} aria-label={words.list}>
                {list.map((thread) => (
                  <li key={thread.id} className={classes.thread}>
                    <Thread thread={thread} source={source} />
                  </li>
                ))}
              </ul>
              <Pages limit={limit} total={pagination?.total ?? list.length} />
            </div>
          )
        }
      </QueryView>
    </Stack>
  );
}

function Thread({ thread, source }: { thread: Remark; source: TalkSource }) {
  const [isReplying, setIsReplying] = useState(false);
  const session = useSession();
  const [isWhole, setIsWhole] = useState(false);
  const id = thread.id ?? '';
  const whole = useQuery({ queryKey: [...source.key, 'replies', id], queryFn: () => source.readReplies(id), enabled: isWhole });
  const replies = whole.data?.list ?? thread.replies?.list ?? [];
  const total = thread.replies?.pagination?.total ?? replies.length;
  return (
    <>
      <Said remark={thread} source={source} onReply={session?.signedIn ? () => setIsReplying(true) : undefined} />
      {replies.length > 0 || isReplying ? (
        <div className={classes.replies}>
          {replies.map((reply) => (
            <Said key={reply.id} remark={reply} source={source} />
          ))}
          {total > replies.length ? (
            <Button
              size="compact-xs"
              variant="subtle"
              loading={whole.isFetching}
              onClick={() => setIsWhole(true)}
              style={{ justifySelf: 'start' }}
            >
              {words.allReplies(total)}
            </Button>
          ) : null}
          {isReplying ? (
            <Writing
              label={words.yourReply}
              action={words.reply}
              source={source}
              onSend={(text) => source.add(text, thread.id)}
              onClose={() => setIsReplying(false)}
            />
          ) : null}
        </div>
      ) : null}
    </>
  );
}
