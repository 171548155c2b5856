import { OperationPicker } from '../../kit/console/operation-picker';
import { QueryView } from '../../kit/query-view';
import { ApiCaller } from '../console/api-caller';
import { useApi, useOperations } from '../use-api';
import { words } from '../words';

export function ConsolePage() {
  const api = useApi();
  const operations = useOperations();
  return (
    <QueryView query={operations}>
      {(found) => (
        <OperationPicker title={words.console.title} help={words.console.lead} operations={found}>
          {(operation) => <ApiCaller key={operation.id} api={api} operation={operation} />}
        </OperationPicker>
      )}
    </QueryView>
  );
}
