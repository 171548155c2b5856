import { type ReactNode, useState } from 'react';
import { Confirm } from './confirm';
import { RowActions } from './row-actions';
import { done } from './toast';
import { words } from './words';

interface Editing<Row> {
  /** The form for a row, or for a new one. */
  form?: (row: Row | undefined, onClose: () => void) => ReactNode;
  labels: (row: Row) => { edit?: string; remove: string };
  removal: {
    title: (row: Row) => string;
    body: ReactNode;
    run: (row: Row) => Promise<unknown>;
    said: (row: Row) => string;
  };
}

type Asked<Row> = { what: 'edit'; row?: Row } | { what: 'remove'; row: Row };

/** What the lists have in common whose rows are made, changed and deleted in dialogs. */
export function useEditing<Row>({ form, labels, removal }: Editing<Row>) {
  const [asked, ask] = useState<Asked<Row>>();
  const close = () => ask(undefined);
  return {
    create: () => ask({ what: 'edit' }),
    /** The buttons at the end of a row. */
    actions: (row: Row) => (
      <RowActions
        labels={labels(row)}
        onEdit={form ? () => ask({ what: 'edit', row }) : undefined}
        onDelete={() => ask({ what: 'remove', row })}
      />
    ),
    /** Where the dialogs are. */
    dialogs: (
      <>
        {asked?.what === 'edit' ? form?.(asked.row, close) : null}
        {asked?.what === 'remove' ? (
          <Confirm
            title={removal.title(asked.row)}
            body={removal.body}
            action={words.delete}
            onConfirm={() => removal.run(asked.row).then(() => done(removal.said(asked.row)))}
            onClose={close}
          />
        ) : null}
      </>
    ),
  };
}
