import { Button, Group } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiRevision } from '../../client/publisher/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable } from '../../kit/list-table';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { ApiHeading } from '../api-heading';
import { numberOf } from '../archive';
import { CompareDialog } from '../compare-dialog';
import { deployRevision } from '../deploy';
import { RevisionCreate } from '../forms/revision-create';
import { isUnderWay, Places } from '../places';
import { useSubjectPlace, useSubjectQuery } from '../subject';
import { useEnvironment, useRefresh } from '../use-api';
import { words } from '../words';

type Asked = { what: 'undeploy' | 'restore' | 'compare'; revision: ApiRevision } | { what: 'create' };

function Nothing({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      title={words.revisions.emptyTitle}
      help={words.revisions.emptyHelp}
      action={<Button onClick={onCreate}>{words.revisions.create}</Button>}
    />
  );
}

function columnsOf(ask: (asked: Asked) => void): Column<ApiRevision>[] {
  return [
    { name: words.revisions.name, cell: (revision) => <strong>{revision.displayName}</strong> },
    { name: words.revisions.note, cell: (revision) => revision.description || '–' },
    { name: words.revisions.created, cell: (revision) => moment(revision.createdTime) },
    { name: words.revisions.deployedIn, cell: (revision) => <Places revision={revision} /> },
    { name: words.revisions.actions, end: true, cell: (revision) => <Actions revision={revision} ask={ask} /> },
  ];
}

function Actions({ revision, ask }: { revision: ApiRevision; ask: (asked: Asked) => void }) {
  const { id, calls } = useSubjectPlace();
  const environment = useEnvironment();
  const refresh = useRefresh();
  const name = revision.displayName ?? '';
  const isDeployed = (revision.deploymentInfo ?? []).length > 0;
  const w = words.revisions;
  const deployed = useMutation({
    mutationFn: () => deployRevision(calls, id, revision.id ?? '', environment),
    onSuccess: () => refresh().then(() => done(w.deployed(name))),
    onError: refused,
  });
  const deleted = useMutation({
    mutationFn: () => calls.dropRevision(id, revision.id ?? ''),
    onSuccess: () => refresh().then(() => done(w.deleted(name))),
    onError: refused,
  });
  return (
    <Group gap={6} justify="flex-end">
      {isDeployed ? (
        <Button size="xs" variant="default" aria-label={w.undeployOf(name)} onClick={() => ask({ what: 'undeploy', revision })}>
          {w.undeploy}
        </Button>
      ) : (
        <Button size="xs" aria-label={w.deployOf(name)} loading={deployed.isPending} onClick={() => deployed.mutate()}>
          {w.deploy}
        </Button>
      )}
      <Button size="xs" variant="subtle" aria-label={words.compare.compareOf(name)} onClick={() => ask({ what: 'compare', revision })}>
        {words.compare.compare}
      </Button>
      <Button size="xs" variant="subtle" aria-label={w.restoreOf(name)} onClick={() => ask({ what: 'restore', revision })}>
        {w.restore}
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        disabled={isDeployed}
        title={isDeployed ? w.stillDeployed : undefined}
        aria-label={w.deleteOf(name)}
        loading={deleted.isPending}
        onClick={() => deleted.mutate()}
      >
        {kit.delete}
      </Button>
    </Group>
  );
}

export function RevisionsPage() {
  const revisions = useSubjectQuery(
    ['revisions'],
    (calls, id) => calls.revisions(id),
    (held) => (isUnderWay(held?.list ?? []) ? UNDER_WAY_MS : false),
  );
  const [asked, ask] = useState<Asked>();
  const create = () => ask({ what: 'create' });
  return (
    <>
      <ApiHeading
        title={words.revisions.title}
        lead={words.revisions.lead}
        actions={
          <Button leftSection={<IconCamera size={17} />} onClick={create}>
            {words.revisions.create}
          </Button>
        }
      />
      <QueryView query={revisions}>
        {(page) =>
          page.list.length === 0 ? (
            <Nothing onCreate={create} />
          ) : (
            <ListTable label={words.revisions.title} columns={columnsOf(ask)} rows={page.list} rowKey={(revision) => revision.id ?? ''} />
          )
        }
      </QueryView>
      {asked?.what === 'create' ? <RevisionCreate onClose={() => ask(undefined)} /> : null}
      {asked && asked.what !== 'create' ? <Question asked={asked} onClose={() => ask(undefined)} /> : null}
    </>
  );
}

function Question({ asked, onClose }: { asked: Exclude<Asked, { what: 'create' }>; onClose: () => void }) {
  const { id, calls } = useSubjectPlace();
  const refresh = useRefresh();
  const { revision } = asked;
  const name = revision.displayName ?? '';
  const w = words.revisions;
  const revisionId = revision.id ?? '';
  if (asked.what === 'compare') {
    return <CompareDialog from={{ name, number: numberOf(name) }} to={{ name: words.compare.draft }} onClose={onClose} />;
  }
  if (asked.what === 'restore') {
    return (
      <Confirm
        title={w.restoreTitle(name)}
        body={w.restoreBody}
        action={w.restore}
        onConfirm={() =>
          calls
            .restore(id, revisionId)
            .then(refresh)
            .then(() => done(w.restored(name)))
        }
        onClose={onClose}
      />
    );
  }
  const places = (revision.deploymentInfo ?? []).map(({ name: place, vhost }) => ({ name: place, vhost }));
  return (
    <Confirm
      title={w.undeployTitle(name)}
      body={w.undeployBody}
      action={w.undeploy}
      onConfirm={() =>
        calls
          .undeploy(id, revisionId, places)
          .then(refresh)
          .then(() => done(w.undeployed(name)))
      }
      onClose={onClose}
    />
  );
}

const UNDER_WAY_MS = 2_000;
