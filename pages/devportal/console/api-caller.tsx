import { useState } from 'react';
import type { Api } from '../../client/devportal/types.gen';
import { Caller } from '../../kit/console/caller';
import type { Operation } from '../../kit/console/definition';
import { useSession } from '../../kit/session';
import { type Access, quickAccess, takesKey, takesToken } from '../access';
import { type CredentialKind, credentialHeader } from '../credential';
import { baseOf, useAccess, useKeepAccess, useRefresh } from '../use-api';
import { words } from '../words';
import { CredentialFields } from './credential-fields';

/** Calls an operation as a consumer does; who has no key yet gets one on the way. */
export function ApiCaller({ api, operation }: { api: Api; operation: Operation }) {
  const access = useAccess(api.id ?? '');
  const [kind, setKind] = useState<CredentialKind>(access?.kind ?? kindOf(api));
  const keep = useKeepAccess(api.id ?? '');
  const refresh = useRefresh();
  const session = useSession();
  const secret = access?.kind === kind ? access.secret : '';
  const canGet = session?.signedIn === true && kind === kindOf(api) && kind !== 'none' && secret === '' && isOpen(api);
  async function obtain() {
    const made = await quickAccess(api);
    keep(made);
    await refresh();
    return credentialHeader(api, kind, made.secret);
  }
  return (
    <Caller
      operation={operation}
      base={baseOf(api)}
      credential={credentialHeader(api, kind, secret)}
      obtain={canGet ? { run: obtain, action: words.console.getAndSend, help: words.console.getHelp } : undefined}
      statistics={session?.portals?.includes('publisher') ? `/publisher/apis/${api.id}/statistics` : undefined}
    >
      <CredentialFields
        api={api}
        kind={kind}
        secret={secret}
        origin={access ? originOf(access) : ''}
        onKind={setKind}
        onSecret={(typed) => kind !== 'none' && keep({ kind, secret: typed, application: '', plan: '' })}
        onToken={({ value, livesFor }, application) => keep({ kind: 'token', secret: value, application, plan: '', livesFor })}
      />
    </Caller>
  );
}

function originOf({ application, livesFor }: Access): string {
  if (application === '') return '';
  return livesFor === undefined ? words.console.fromAccess(application) : words.signIn.got(Math.round(livesFor / 60), application);
}

function kindOf(api: Api): CredentialKind {
  if (takesKey(api)) return 'key';
  return takesToken(api) ? 'token' : 'none';
}

/** Whether anybody may still subscribe. */
function isOpen(api: Api): boolean {
  return api.isSubscriptionAvailable !== false || !api.tiers?.length;
}
