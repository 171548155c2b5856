import { IconCheck } from '@tabler/icons-react';
import classes from './gate.module.css';
import type { Client, Scope } from './interaction';
import { webAddress } from './interaction';
import { words } from './words';

/** Who asks, and for what. */
export function RequestCard({ client, scopes }: { client: Client; scopes: Scope[] }) {
  const home = webAddress(client.uri);
  return (
    <section className={classes.card} aria-label={words.asks(client.name)}>
      <div className={classes.client}>
        <span className={classes.letter} aria-hidden="true">
          {[...client.name][0]?.toUpperCase() ?? '?'}
        </span>
        <div>
          <strong>{client.name}</strong>
          {client.host ? <span className={classes.note}>{words.publishedAt(client.host)}</span> : null}
          {home ? (
            <a href={home} target="_blank" rel="noreferrer">
              {new URL(home).host}
            </a>
          ) : null}
        </div>
      </div>
      {scopes.length === 0 ? (
        <p className={classes.note}>{words.noScopes}</p>
      ) : (
        <ul className={classes.scopes}>
          {scopes.map((scope) => (
            <li key={scope.name}>
              <IconCheck size={18} aria-hidden="true" />
              <span>
                {scope.description ?? words.scopeOf}
                {scope.description ? null : <code>{scope.name}</code>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
