import type { Condition, Rule } from '../../client/alerts/types.gen';

export type Kind = Condition['kind'];

/** Something that a rule can be about, by its id. */
export interface Choice {
  value: string;
  label: string;
}

/** Whose alerts a page shows, and what a rule of it can be about. */
export interface AlertScope {
  /** All rules of the page are about this API. */
  apiId?: string;
  /** All rules of the page are about this application. */
  applicationId?: string;
  apis: Choice[];
  applications: Choice[];
  kinds: Kind[];
  /** May its reader have all rules judged at once? */
  mayJudge?: boolean;
}

/** Is the rule one of the page? A rule about every API is one of each. */
export function isAbout({ apiId, applicationId }: AlertScope, rule: Rule): boolean {
  if (applicationId !== undefined) return rule.applicationId === applicationId;
  return apiId === undefined || rule.apiId === apiId || (!rule.apiId && !rule.applicationId);
}

export const KINDS: Kind[] = ['errorRate', 'latency', 'traffic', 'quotaUsed', 'unseen', 'keyExpiry', 'certificateExpiry', 'governance'];
/** What an application's people can be told of. */
export const KINDS_OF_APPLICATIONS = KINDS.slice(0, 6);
