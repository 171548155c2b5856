import { Button, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { count, moment } from '../format';
import { ListTable } from '../list-table';
import { Panel } from '../page-parts';
import { words as kit } from '../words';
import { Nothing } from './bars';
import type { LinesOf } from './lines';
import { words } from './words';

const Lines = lazy(() => import('./lines'));

/** Lines over time as a picture, or as a table for those whom a picture does not serve. */
export function OverTime({ label, help, points, lines, byDay }: LinesOf & { help?: string }) {
  const [asTable, setAsTable] = useState(false);
  const isEmpty = points.every((point) => lines.every(({ key }) => !point[key]));
  const columns = [
    { name: kit.usage.time, cell: (point: LinesOf['points'][number]) => moment(point.at) },
    ...lines.map(({ key, name }) => ({ name, cell: (point: LinesOf['points'][number]) => shown(point[key]), end: true })),
  ];
  return (
    <Panel
      title={label}
      help={help}
      actions={
        <Button variant="default" size="xs" onClick={() => setAsTable(!asTable)}>
          {asTable ? words.asPicture : words.asTable}
        </Button>
      }
    >
      {isEmpty ? <Nothing /> : null}
      {!isEmpty && asTable ? <ListTable label={label} columns={columns} rows={points} rowKey={(point) => String(point.at)} /> : null}
      {!isEmpty && !asTable ? (
        <Suspense fallback={<Skeleton h={260} />}>
          <Lines label={label} points={points} lines={lines} byDay={byDay} />
        </Suspense>
      ) : null}
    </Panel>
  );
}

function shown(value: number | string | undefined): string {
  return typeof value === 'number' ? count(Math.round(value)) : '–';
}
