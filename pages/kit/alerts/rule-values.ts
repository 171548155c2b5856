import type { Condition, Rule } from '../../client/alerts/types.gen';
import type { AlertScope, Kind } from './scope';
import { words as w } from './words';

type Amount = number | string;

/** A rule as its form holds it: every field of every kind, so that another kind keeps what was typed. */
export interface RuleValues {
  name: string;
  enabled: boolean;
  kind: Kind;
  percent: Amount;
  classes: keyof typeof w.classNames;
  percentile: Amount;
  milliseconds: Amount;
  deviation: Amount;
  windowMinutes: Amount;
  minRequests: Amount;
  what: 'country' | 'address';
  days: Amount;
  apiId: string;
  applicationId: string;
  /** Separated by commas. */
  emails: string;
  webhooks: string[];
}

/** The fields of each kind that are numbers, with the least and the most that the platform takes. */
export const AMOUNTS: Record<Kind, Partial<Record<keyof RuleValues, [least: number, most: number]>>> = {
  errorRate: { percent: [0.1, 100], windowMinutes: [1, 1440], minRequests: [1, 1_000_000] },
  latency: { percentile: [1, 99.9], milliseconds: [1, 600_000], windowMinutes: [1, 1440], minRequests: [1, 1_000_000] },
  traffic: { deviation: [1, 100], windowMinutes: [1, 1440], minRequests: [1, 1_000_000] },
  quotaUsed: { percent: [1, 100] },
  unseen: {},
  keyExpiry: { days: [1, 365] },
  certificateExpiry: { days: [1, 365] },
  governance: {},
};

export function valuesOf(rule: Rule | undefined, scope: AlertScope): RuleValues {
  const { name = '', enabled = true, emails = [], webhooks = [], apiId = scope.apiId, applicationId = scope.applicationId } = rule ?? {};
  const { classes, ...condition } = rule?.condition ?? ({ kind: 'errorRate' } as Condition);
  return {
    ...USUAL,
    windowMinutes: condition.kind === 'traffic' ? 15 : 5,
    ...condition,
    classes: classesOf(classes),
    name,
    enabled,
    apiId: apiId ?? '',
    applicationId: applicationId ?? '',
    emails: emails.join(', '),
    webhooks,
  };
}

/** What the platform is sent: of the condition only what its kind has. */
export function ruleOf(values: RuleValues): Rule {
  return {
    name: values.name.trim(),
    enabled: values.enabled,
    condition: conditionOf(values),
    ...(values.apiId ? { apiId: values.apiId } : {}),
    ...(values.applicationId ? { applicationId: values.applicationId } : {}),
    emails: addressesOf(values.emails),
    webhooks: values.webhooks,
  };
}

export function conditionOf(values: RuleValues): Condition {
  const { kind } = values;
  const amounts = Object.fromEntries(Object.keys(AMOUNTS[kind]).map((name) => [name, Number(values[name as 'days'])]));
  if (kind === 'errorRate') return { kind, ...amounts, classes: values.classes === 'both' ? ['4xx', '5xx'] : [values.classes] };
  return kind === 'unseen' ? { kind, what: values.what } : { kind, ...amounts };
}

/** What is wrong with the values, by field. */
export function faultsOf(values: RuleValues): Partial<Record<keyof RuleValues, string>> {
  const faults: Partial<Record<keyof RuleValues, string>> = {};
  if (values.name.trim() === '') faults.name = w.needed;
  const emails = addressesOf(values.emails);
  if (emails.length > 10 || emails.some((email) => !/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(email))) faults.emails = w.emailRule;
  for (const [name, [least, most]] of Object.entries(AMOUNTS[values.kind])) {
    const amount = values[name as 'days'];
    if (amount === '' || !(Number(amount) >= least && Number(amount) <= most)) faults[name as 'days'] = w.range(least, most);
  }
  return faults;
}

/** What a rule looks for, as a person would say it. */
export function sentenceOf(condition: Condition): string {
  const { percent = 0, percentile = 0, milliseconds = 0, deviation = 4, minRequests = 20, days = 0, what = 'country' } = condition;
  const minutes = condition.windowMinutes ?? (condition.kind === 'traffic' ? 15 : 5);
  const s = w.sentences;
  switch (condition.kind) {
    case 'errorRate':
      return s.errorRate(percent, (condition.classes ?? ['5xx']).join(' / '), minutes, minRequests);
    case 'latency':
      // The 95th percentile is above it when 5 % are.
      return s.latency(Math.round((100 - percentile) * 1000) / 1000, milliseconds, minutes, minRequests);
    case 'traffic':
      return s.traffic(deviation, minutes, minRequests);
    case 'quotaUsed':
      return s.quotaUsed(percent);
    case 'unseen':
      return s.unseen(w.places[what]);
    case 'keyExpiry':
      return s.keyExpiry(days);
    case 'certificateExpiry':
      return s.certificateExpiry(days);
    case 'governance':
      return s.governance;
  }
}

function classesOf(classes: string[] = ['5xx']): RuleValues['classes'] {
  if (classes.length > 1) return 'both';
  return classes[0] === '4xx' ? '4xx' : '5xx';
}

function addressesOf(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What stands in a field until somebody says otherwise. */
const USUAL = {
  percent: 5,
  percentile: 95,
  milliseconds: 1000,
  deviation: 4,
  minRequests: 20,
  what: 'country',
  days: 14,
} as const;
