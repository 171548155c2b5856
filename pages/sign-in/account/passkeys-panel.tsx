import { Button, TextInput } from '@mantine/core';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../kit/confirm';
import { ago } from '../../kit/format';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { createPasskey, hasPasskeys } from '../passkey';
import { addPasskey, type Factors, newPasskeyOptions, type Passkey, removePasskey } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';
import { Refused } from './fresh';

export function PasskeysPanel({ factors }: { factors: UseQueryResult<Factors> }) {
  return (
    <Panel title={words.passkeys} help={words.passkeysHelp}>
      <QueryView query={factors}>{({ passkeys }) => <Kept passkeys={passkeys} />}</QueryView>
      {hasPasskeys ? <Add /> : <p className={classes.state}>{words.noPasskeysHere}</p>}
    </Panel>
  );
}

function Kept({ passkeys }: { passkeys: Passkey[] }) {
  const queries = useQueryClient();
  const [going, setGoing] = useState<Passkey>();
  if (passkeys.length === 0) return <p className={classes.state}>{words.noPasskeys}</p>;
  return (
    <>
      <ul className={classes.rows}>
        {passkeys.map((passkey) => (
          <li key={passkey.id}>
            <span className={classes.what}>
              {passkey.label}
              <small>
                {words.added(ago(passkey.createdAt))}, {passkey.lastUsedAt ? words.used(ago(passkey.lastUsedAt)) : words.neverUsed}
              </small>
            </span>
            <Button variant="default" size="xs" aria-label={words.removeOf(passkey.label)} onClick={() => setGoing(passkey)}>
              {words.remove}
            </Button>
          </li>
        ))}
      </ul>
      {going ? (
        <Confirm
          title={words.removeOf(going.label)}
          body={words.removePasskeyBody(going.label)}
          action={words.remove}
          onConfirm={async () => {
            await removePasskey(going.id);
            await queries.invalidateQueries();
          }}
          onClose={() => setGoing(undefined)}
        />
      ) : null}
    </>
  );
}

function Add() {
  const queries = useQueryClient();
  const [label, setLabel] = useState(words.passkeyDefault);
  const added = useMutation({
    mutationFn: async () => addPasskey(label, await createPasskey(await newPasskeyOptions())),
    onSuccess: () => {
      done(words.passkeyAdded);
      return queries.invalidateQueries();
    },
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        added.mutate();
      }}
    >
      {added.isError ? <Refused thrown={added.error} /> : null}
      <TextInput label={words.passkeyName} autoComplete="off" value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
      <div>
        <Button type="submit" variant="default" loading={added.isPending}>
          {words.addPasskey}
        </Button>
      </div>
    </form>
  );
}
