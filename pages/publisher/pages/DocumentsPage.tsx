import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Document } from '../../client/publisher/types.gen';
import { Confirm } from '../../kit/confirm';
import { EmptyState } from '../../kit/empty-state';
import { ago } from '../../kit/format';
import { LinkButton } from '../../kit/link-button';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { ApiHeading } from '../api-heading';
import { documentAddress, isWritten } from '../documents';
import { DocumentEdit } from '../forms/document-edit';
import { useSubjectPlace, useSubjectQuery } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

const w = words.documents;

type Asked = { what: 'edit'; document?: Document } | { what: 'delete'; document: Document };

function columnsOf(ask: (asked: Asked) => void): Column<Document>[] {
  return [
    { name: w.name, cell: (document) => <strong>{document.name}</strong> },
    { name: w.kind, cell: ({ type, otherTypeName }) => (type === 'OTHER' && otherTypeName) || w.kinds[type] || type },
    { name: w.source, cell: ({ sourceType }) => w.sources[sourceType] ?? sourceType },
    { name: w.visibility, cell: ({ visibility }) => w.visibilities[visibility ?? 'API_LEVEL'] ?? visibility },
    { name: w.changed, cell: ({ lastUpdatedTime, createdTime }) => ago(lastUpdatedTime ?? createdTime) },
    {
      name: w.actions,
      end: true,
      cell: (document) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Content document={document} />
          <RowActions
            labels={{ edit: w.editOf(document.name), remove: w.deleteOf(document.name) }}
            onEdit={() => ask({ what: 'edit', document })}
            onDelete={() => ask({ what: 'delete', document })}
          />
        </Group>
      ),
    },
  ];
}

/** The way to what the document says: an editor for text, the file or the address itself otherwise. */
function Content({ document }: { document: Document }) {
  const { kind, id, paths } = useSubjectPlace();
  const documentId = document.documentId ?? '';
  if (isWritten(document)) {
    return (
      <LinkButton size="xs" to={paths.document(documentId)} aria-label={w.writeOf(document.name)}>
        {w.write}
      </LinkButton>
    );
  }
  const href = document.sourceType === 'URL' ? document.sourceUrl : documentAddress(kind, id, documentId);
  return (
    <Button
      size="xs"
      variant="default"
      component="a"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={w.openOf(document.name)}
    >
      {w.open}
    </Button>
  );
}

export function DocumentsPage() {
  const { id, calls, paths } = useSubjectPlace();
  const { limit, offset } = useTurn();
  const documents = useSubjectQuery(['documents', offset], (calls, id) => calls.documents(id, { limit, offset }));
  const [asked, ask] = useState<Asked>();
  const refresh = useRefresh();
  const navigate = useNavigate();
  const close = () => ask(undefined);
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => ask({ what: 'edit' })}>
      {w.add}
    </Button>
  );
  return (
    <>
      <ApiHeading title={w.title} lead={w.lead} actions={add} />
      <QueryView query={documents}>
        {({ list = [], pagination }) =>
          list.length === 0 ? (
            <EmptyState title={w.emptyTitle} help={w.emptyHelp} />
          ) : (
            <>
              <ListTable label={w.title} columns={columnsOf(ask)} rows={list} rowKey={(document) => document.documentId ?? ''} />
              <Pages total={pagination?.total ?? list.length} />
            </>
          )
        }
      </QueryView>
      {asked?.what === 'edit' ? (
        <DocumentEdit
          document={asked.document}
          onSaved={(made) => isWritten(made) && navigate({ to: paths.document(made.documentId ?? '') })}
          onClose={close}
        />
      ) : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={w.deleteTitle(asked.document.name)}
          body={w.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            calls
              .dropDocument(id, asked.document.documentId ?? '')
              .then(refresh)
              .then(() => done(w.deleted(asked.document.name)))
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}
