import { Button, TextInput } from '@mantine/core';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CodeBlock } from '../../kit/code-block';
import { Confirm } from '../../kit/confirm';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done } from '../../kit/toast';
import { beginTotp, confirmTotp, type Factors, removeTotp } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';
import { Refused } from './fresh';
import { QrCode } from './qr-code';

export function AppPanel({ factors }: { factors: UseQueryResult<Factors> }) {
  return (
    <Panel title={words.app} help={words.appHelp}>
      <QueryView query={factors}>{({ totp }) => (totp ? <Enrolled /> : <Enrol />)}</QueryView>
    </Panel>
  );
}

function Enrolled() {
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <p className={classes.state}>{words.appOn}</p>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        {words.removeApp}
      </Button>
      {isAsking ? (
        <Confirm
          title={words.removeApp}
          body={words.removeAppBody}
          action={words.remove}
          onConfirm={async () => {
            await removeTotp();
            await queries.invalidateQueries();
          }}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </>
  );
}

function Enrol() {
  const begun = useMutation({ mutationFn: beginTotp });
  if (begun.data) return <FirstCode uri={begun.data.uri} secret={begun.data.secret} />;
  return (
    <>
      {begun.isError ? <Refused thrown={begun.error} /> : null}
      <Button variant="default" loading={begun.isPending} onClick={() => begun.mutate()}>
        {words.addApp}
      </Button>
    </>
  );
}

function FirstCode({ uri, secret }: { uri: string; secret: string }) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const confirmed = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: () => {
      done(words.appAdded);
      return queries.invalidateQueries();
    },
  });
  return (
    <div className={classes.scan}>
      <QrCode text={uri} />
      <form
        className={`${classes.form} ${classes.beside}`}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          confirmed.mutate();
        }}
      >
        <p className={classes.state}>{words.scan}</p>
        <CodeBlock text={secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} label={words.key} wrap />
        {confirmed.isError ? <Refused thrown={confirmed.error} /> : null}
        <TextInput
          label={words.appCode}
          description={words.appCodeHelp}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" loading={confirmed.isPending}>
            {words.confirmApp}
          </Button>
        </div>
      </form>
    </div>
  );
}
