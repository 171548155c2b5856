export type Language = 'en' | 'de' | 'ar';

/** Every language by its own name. One more is a file beside each `en.ts`, which has to say all that `en.ts` says. */
export const languages: Record<Language, string> = { en: 'English', de: 'Deutsch', ar: 'العربية' };

/** What a text needs beside its words. */
export interface Speech {
  /** A number as the language writes it. */
  number: (value: number) => string;
  /** The form that goes with an amount; `#` in it becomes the number. */
  plural: (amount: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }) => string;
  /** A length of time; of one unit the unit alone, as in "each minute". */
  period: (length: number, unit: string) => string;
  /** Names as a sentence lists them: `or` or `and` between the last two. */
  either: (names: string[]) => string;
}

type Texts<Words> = () => Promise<{ default: (say: Speech) => Words }>;

const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month'];
const KEY = 'postern-language';

/** The language of this page. Another one means another load of the page: nothing on it has to follow. */
export const language: Language = chosen();
export const direction = language === 'ar' ? 'rtl' : 'ltr';
/** Western digits everywhere: what is copied from a page is what APIs and shells read. */
export const locale = language === 'ar' ? 'ar-u-nu-latn' : language;

const speech = speechOf(locale);
export const { number, period, either } = speech;

/** The texts of one folder, in the language of the page; the others are not loaded. */
export async function spoken<Words>(texts: Record<Language, Texts<Words>>): Promise<Words> {
  return (await texts[language]()).default(speech);
}

export function speechOf(tag: string): Speech {
  const numbers = new Intl.NumberFormat(tag);
  const rules = new Intl.PluralRules(tag);
  const lists = new Intl.ListFormat(tag, { type: 'disjunction' });
  return {
    number: (value) => numbers.format(value),
    plural: (amount, forms) => (forms[rules.select(amount)] ?? forms.other).replace('#', numbers.format(amount)),
    period: (length, unit) => periodOf(tag, length, unit),
    either: (names) => lists.format(names),
  };
}

/** `length` and `unit`, which is one of `second`, `minute`, `hour`, `day`, `week` and `month`; another one stands as it is. */
function periodOf(tag: string, length: number, unit: string): string {
  if (!UNITS.includes(unit)) return length === 1 ? unit : `${length} ${unit}`;
  const parts = new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(length);
  const kept = length === 1 ? parts.filter(({ type }) => type === 'unit') : parts;
  return kept.map(({ value }) => value).join('');
}

export function speak(next: Language) {
  localStorage.setItem(KEY, next);
  location.reload();
}

/** What the person chose, else the first of the browser's languages that there is. */
function chosen(): Language {
  const wanted = [kept(), ...navigator.languages].map((tag) => tag.split('-')[0] ?? '');
  return wanted.find(isLanguage) ?? 'en';
}

function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    // A browser that keeps nothing for us.
    return '';
  }
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

document.documentElement.lang = language;
document.documentElement.dir = direction;
