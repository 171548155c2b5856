import { Button, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './list-table.module.css';
import { type Listed, ROWS } from './listed';
import { useAddress } from './use-address';
import { words } from './words';

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** What the server calls the column when it sorts; absent: it cannot. */
  sortBy?: string;
  end?: boolean;
}

export interface Sort {
  by?: string;
  order?: 'asc' | 'desc';
}

interface ListTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Required<Sort>) => void;
}

/** Rows of a list; below 640 px each row becomes a card. The server sorts, the address holds by what. */
export function ListTable<Row>({ label, columns, rows, rowKey, sort, onSort }: ListTableProps<Row>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.end ? classes.end : undefined} aria-sort={directionOf(column, sort)}>
                {column.sortBy && onSort ? <SortButton column={column} sort={sort} onSort={onSort} /> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.name} data-label={column.name} className={column.end ? classes.end : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SortButtonProps<Row> {
  column: Column<Row>;
  sort?: Sort;
  onSort: (sort: Required<Sort>) => void;
}

function SortButton<Row>({ column, sort, onSort }: SortButtonProps<Row>) {
  const by = column.sortBy ?? '';
  const active = sort?.by === by;
  const Icon = !active ? IconArrowsSort : sort?.order === 'desc' ? IconArrowDown : IconArrowUp;
  const next = active && sort?.order !== 'desc' ? 'desc' : 'asc';
  return (
    <UnstyledButton className={classes.sort} title={words.sort(column.name)} onClick={() => onSort({ by, order: next })}>
      {column.name} <Icon size={14} aria-hidden="true" />
    </UnstyledButton>
  );
}

/** Which rows of so many are shown, and the way to the others. */
export function Pages({ total, limit = ROWS }: { total: number; limit?: number }) {
  const [{ offset = 0 }, hold] = useAddress<Listed>();
  const turn = (next: number) => hold({ offset: next });
  if (total <= limit && offset === 0) return null;
  const last = Math.min(offset + limit, total);
  return (
    <div className={classes.foot}>
      <span aria-live="polite">{words.pageOf(Math.min(offset + 1, total), last, total)}</span>
      <div className={classes.turn}>
        <Button variant="default" size="xs" disabled={offset === 0} onClick={() => turn(Math.max(0, offset - limit))}>
          {words.previous}
        </Button>
        <Button variant="default" size="xs" disabled={last >= total} onClick={() => turn(offset + limit)}>
          {words.next}
        </Button>
      </div>
    </div>
  );
}

function directionOf<Row>(column: Column<Row>, sort?: Sort): 'ascending' | 'descending' | undefined {
  if (!column.sortBy || sort?.by !== column.sortBy) return undefined;
  return sort.order === 'desc' ? 'descending' : 'ascending';
}
