import type * as Alerts from '../client/alerts/types.gen';
import type * as Devportal from '../client/devportal/types.gen';
import type * as Publisher from '../client/publisher/types.gen';

/** What the mock platform remembers; its shapes are those of the management APIs. */
export interface Store {
  username: string | undefined;
  /** What the roles of who is signed in allow. */
  scopes: string[];
  workflows: Publisher.WorkflowInfo[];
  apis: Publisher.Api[];
  definitions: Map<string, object>;
  revisions: Map<string, Publisher.ApiRevision[]>;
  history: Map<string, Publisher.LifecycleHistoryItem[]>;
  /** Entries of the audit log beside those of the lifecycle. */
  entries: Publisher.ApiAuditEntry[];
  alerts: Alerts.Alert[];
  rules: Alerts.Rule[];
  deliveries: Map<string, Alerts.Delivery[]>;
  applications: Devportal.Application[];
  subscriptions: Devportal.Subscription[];
  keys: Map<string, Devportal.ApplicationKey[]>;
  apiKeys: Map<string, Devportal.ApiKeyInfo[]>;
  calls: { at: number; apiId: string; status: number }[];
  next: number;
}

export function emptyStore(): Store {
  return {
    username: undefined,
    scopes: [],
    workflows: [],
    apis: [],
    definitions: new Map(),
    revisions: new Map(),
    history: new Map(),
    entries: [],
    alerts: [],
    rules: [],
    deliveries: new Map(),
    applications: [],
    subscriptions: [],
    keys: new Map(),
    apiKeys: new Map(),
    calls: [],
    next: 1,
  };
}

export function newId(store: Store): string {
  store.next += 1;
  return `00000000-0000-4000-8000-${String(store.next).padStart(12, '0')}`;
}

export function page<Item>(list: Item[]) {
  return { count: list.length, list, pagination: { offset: 0, limit: 25, total: list.length, next: '', previous: '' } };
}

/** A refusal in the management APIs' shape; thrown by the mock's answers. */
export class Refusal extends Error {
  readonly status: number;
  readonly description: string;

  constructor(status: number, message: string, description = '') {
    super(message);
    this.status = status;
    this.description = description;
  }
}

export function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Refusal(404, 'Not Found', 'there is no such object');
  return item;
}
