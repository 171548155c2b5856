import { Checkbox, Input, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getApiOptions } from '../../client/publisher/@tanstack/react-query.gen';
import type { ApiInfo } from '../../client/publisher/types.gen';
import { Badge, MethodBadge } from '../../kit/badges';
import { QueryView } from '../../kit/query-view';
import { type Chosen, keyOf } from '../products';
import { words } from '../words';
import classes from './operations-choice.module.css';

const w = words.products;

interface ChoiceProps {
  apis: ApiInfo[];
  chosen: Chosen;
  error?: string;
  onChange: (chosen: Chosen) => void;
}

/** Operations of APIs, API by API; those of an API are asked for when it is opened. */
export function OperationsChoice({ apis, chosen, error, onChange }: ChoiceProps) {
  const [open, setOpen] = useState<string[]>([]);
  const toggle = (id: string, isOpen: boolean) => setOpen((old) => [...old.filter((one) => one !== id), ...(isOpen ? [id] : [])]);
  return (
    <Stack gap="sm">
      {error ? <Input.Error role="alert">{error}</Input.Error> : null}
      {apis.map((api) => {
        const { id = '', name, version } = api;
        const count = chosen[id]?.length ?? 0;
        return (
          <details key={id} className={classes.api} onToggle={(event) => toggle(id, event.currentTarget.open)}>
            <summary>
              {name} {version}
              {count > 0 ? <Badge tone="good" label={w.chosen(count)} /> : null}
            </summary>
            {open.includes(id) ? (
              <Operations api={api} chosen={chosen[id] ?? []} onChange={(operations) => onChange({ ...chosen, [id]: operations })} />
            ) : null}
          </details>
        );
      })}
    </Stack>
  );
}

function Operations({ api, chosen, onChange }: { api: ApiInfo; chosen: string[]; onChange: (operations: string[]) => void }) {
  const details = useQuery(getApiOptions({ path: { apiId: api.id ?? '' } }));
  return (
    <QueryView query={details}>
      {({ operations = [] }) => {
        const all = operations.map(keyOf);
        return (
          <Stack gap="sm" pt="md">
            <Checkbox
              label={w.allOf(api.name ?? '')}
              checked={chosen.length === all.length}
              indeterminate={chosen.length > 0 && chosen.length < all.length}
              onChange={(event) => onChange(event.currentTarget.checked ? all : [])}
            />
            <Checkbox.Group aria-label={w.from(api.name ?? '')} value={chosen} onChange={onChange}>
              <Stack gap="xs" ps="lg">
                {operations.map((operation) => (
                  <Checkbox
                    key={keyOf(operation)}
                    value={keyOf(operation)}
                    label={
                      <>
                        <MethodBadge method={operation.verb} /> <code>{operation.target}</code>
                      </>
                    }
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          </Stack>
        );
      }}
    </QueryView>
  );
}
