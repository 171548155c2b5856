import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MethodBadge } from '../../kit/badges';
import { type Operation, operationsOf } from '../../kit/console/definition';
import classes from '../../kit/console/reference.module.css';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { paths } from '../paths';
import { OperationReference } from '../reading/operation-reference';
import { definitionRead } from '../reads';
import { useApi } from '../use-api';
import { words } from '../words';

/** All that the definition says, operation by operation. */
export function ReferencePage() {
  const api = useApi();
  const definition = useQuery(definitionRead(api.id ?? ''));
  return <QueryView query={definition}>{(found) => <Reference definition={found} />}</QueryView>;
}

function Reference({ definition }: { definition: unknown }) {
  const api = useApi();
  const [search, setSearch] = useAddress<{ operation?: string; filter?: string }>();
  const operations = operationsOf(definition);
  const wanted = (search.filter ?? '').toLowerCase();
  const shown = operations.filter(({ id, summary }) => `${id} ${summary}`.toLowerCase().includes(wanted));
  const open = operations.find(({ id }) => id === search.operation) ?? operations[0];
  if (!open) return <p>{words.api.noOperations}</p>;
  return (
    <div className={classes.pages}>
      <nav className={classes.list} aria-label={words.api.operations}>
        {operations.length > 8 ? (
          <SearchBox label={words.api.filter} value={search.filter ?? ''} onSearch={(filter) => setSearch({ filter })} />
        ) : null}
        <ul>
          {shown.map((operation) => (
            <li key={operation.id}>
              <Entry operation={operation} apiId={api.id ?? ''} isOpen={operation.id === open.id} filter={search.filter} />
            </li>
          ))}
        </ul>
      </nav>
      <OperationReference key={open.id} api={api} definition={definition} operation={open} />
    </div>
  );
}

interface EntryProps {
  operation: Operation;
  apiId: string;
  isOpen: boolean;
  filter?: string;
}

function Entry({ operation, apiId, isOpen, filter }: EntryProps) {
  return (
    <Link to={paths.reference(apiId)} search={{ operation: operation.id, filter } as never} aria-current={isOpen ? 'true' : undefined}>
      <MethodBadge method={operation.method} />
      <code>{operation.path}</code>
    </Link>
  );
}
