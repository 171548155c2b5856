import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getSigningKeyScheduleOptions, getSigningKeysOptions } from '../../client/admin/@tanstack/react-query.gen';
import { withdrawSigningKey } from '../../client/admin/sdk.gen';
import type { SigningKey } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { Confirm } from '../../kit/confirm';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { KeyAnnounce } from '../forms/key-announce';
import { KeySchedule } from '../forms/key-schedule';
import { useRefresh } from '../policies';
import { words } from '../words';

function columnsOf(withdraw: (key: SigningKey) => void): Column<SigningKey>[] {
  return [
    { name: words.keys.id, cell: (key) => <code>{key.keyId}</code> },
    { name: words.keys.algorithm, cell: (key) => key.algorithm },
    { name: words.keys.state, cell: ({ state }) => <Badge label={words.keys.states[state]} tone={TONES[state]} /> },
    { name: words.keys.published, cell: (key) => moment(key.publishedAt) },
    { name: words.keys.signs, cell: (key) => moment(key.signingFrom) },
    { name: words.keys.ended, cell: (key) => moment(key.replacedAt ?? key.endedAt) },
    {
      name: words.keys.actions,
      end: true,
      cell: (key) =>
        key.state === 'RETIRED' || key.state === 'WITHDRAWN' ? null : (
          <Button size="xs" variant="default" aria-label={words.keys.withdrawOf(key.keyId)} onClick={() => withdraw(key)}>
            {words.keys.withdraw}
          </Button>
        ),
    },
  ];
}

export function SigningKeysPage() {
  const keys = useQuery(getSigningKeysOptions());
  const schedule = useQuery(getSigningKeyScheduleOptions());
  const [isAnnouncing, setIsAnnouncing] = useState(false);
  const [compromised, setCompromised] = useState<SigningKey>();
  const isWaiting = keys.data?.list.some(({ state }) => state === 'ANNOUNCED') ?? true;
  return (
    <>
      <PageHeader
        title={words.keys.title}
        lead={words.keys.lead}
        actions={
          <Button
            leftSection={<IconKey size={17} />}
            disabled={isWaiting}
            title={isWaiting ? words.keys.waits : undefined}
            onClick={() => setIsAnnouncing(true)}
          >
            {words.keys.announce}
          </Button>
        }
      />
      <Panels>
        <QueryView query={keys}>
          {({ list, keyEncryption }) => (
            <div>
              <ListTable label={words.keys.title} columns={columnsOf(setCompromised)} rows={list} rowKey={(key) => key.keyId} />
              {keyEncryption.waiting > 0 ? <p role="status">{words.keys.resealing(keyEncryption.waiting)}</p> : null}
            </div>
          )}
        </QueryView>
        <Panel title={words.keys.schedule} help={words.keys.scheduleHelp}>
          <QueryView query={schedule}>{(chosen) => <KeySchedule schedule={chosen} />}</QueryView>
        </Panel>
      </Panels>
      {isAnnouncing && keys.data ? <KeyAnnounce seconds={keys.data.announcementSeconds} onClose={() => setIsAnnouncing(false)} /> : null}
      {compromised ? <Withdraw compromised={compromised} onClose={() => setCompromised(undefined)} /> : null}
    </>
  );
}

function Withdraw({ compromised, onClose }: { compromised: SigningKey; onClose: () => void }) {
  const refresh = useRefresh();
  return (
    <Confirm
      title={words.keys.withdrawOf(compromised.keyId)}
      body={compromised.state === 'SIGNING' ? words.keys.withdrawSigning : words.keys.withdrawOther}
      action={words.keys.withdraw}
      onConfirm={async () => {
        await withdrawSigningKey({ path: { keyId: compromised.keyId }, body: {} });
        await refresh();
        done(words.keys.withdrawn);
      }}
      onClose={onClose}
    />
  );
}

const TONES = { ANNOUNCED: 'cool', SIGNING: 'good', RETIRING: 'warm', RETIRED: 'calm', WITHDRAWN: 'bad' } as const;
