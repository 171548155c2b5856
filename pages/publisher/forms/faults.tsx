import type { ErrorListItem } from '../../client/publisher/types.gen';
import { Coded } from '../../kit/coded';
import { Panel } from '../../kit/page-parts';
import { words } from '../words';
import classes from './definition-source.module.css';

/** Every fault of a definition, with its place. */
export function Faults({ faults, help }: { faults: ErrorListItem[]; help: string }) {
  return (
    <Panel title={words.import.invalid(faults.length)} help={help}>
      <ul className={classes.faults}>
        {faults.map((fault) => (
          <li key={`${fault.code} ${fault.message} ${fault.description}`}>
            <Coded text={fault.message} />
            {fault.description ? (
              <span className={classes.place}>
                <Coded text={fault.description} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
