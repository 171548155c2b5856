import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Language, type Speech, speechOf } from '../kit/language';

type Texts = (say: Speech) => unknown;
const files = import.meta.glob<{ default: Texts }>('../{kit,publisher,devportal,admin,sign-in}/words/*.ts', { eager: true });
const english = Object.keys(files).filter((path) => path.endsWith('en.ts'));
const in_ = (path: string, language: Language) => leavesOf(files[path.replace(/en\.ts$/, `${language}.ts`)]?.default(speechOf(language)));

/** Every text by its key: `overview.stepper`. */
function leavesOf(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) leavesOf(part, path === '' ? name : `${path}.${name}`, found);
  } else {
    found.set(path, value);
  }
  return found;
}

describe.each(english)('the texts of %s', (path) => {
  it.each(['de', 'ar'] as const)('are all there in %s', (language) => {
    expect([...in_(path, language).keys()].sort()).toEqual([...in_(path, 'en').keys()].sort());
  });

  it.each(['de', 'ar'] as const)('say something in %s, and every function what English says', (language) => {
    for (const [key, text] of in_(path, language)) {
      if (typeof text === 'function') expect(text.length, key).toBe((in_(path, 'en').get(key) as () => string).length);
      else expect(String(text).trim(), key).not.toBe('');
    }
  });

  it('are not English in Arabic, but for names', () => {
    const untranslated = [...in_(path, 'ar')].filter(
      ([key, text]) => typeof text === 'string' && !/[\u0600-\u06ff]/.test(text) && !NAMES.test(key),
    );
    expect(untranslated).toEqual([]);
  });

  it('are all used', () => {
    // What the kit says, any portal may say.
    const folder = join(import.meta.dirname, path.includes('/kit/') ? '..' : join(path, '../..'));
    const code = sourcesOf(folder).join('\n');
    const unused = [...in_(path, 'en').keys()].filter((key) => !isUsed(key.split('.'), code));
    expect(unused).toEqual([]);
  });
});

/** A key is used where its name is read, or where a group that it is in is read as a whole: `words.api[kind]`. */
function isUsed(parts: string[], code: string): boolean {
  const name = parts.at(-1) ?? '';
  return new RegExp(`[.]${escaped(name)}\\b`).test(code) || parts.slice(0, -1).some((group) => isReadWhole(group, code));
}

function isReadWhole(group: string, code: string): boolean {
  return new RegExp(`[.]${escaped(group)}(\\[|[),;\\s}])`).test(code);
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OTHERS.test(entry.name) ? [] : sourcesOf(path);
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

const OTHERS = /^(words|node_modules|client|dist|mock|tools)$/;
const NAMES = /^(product|usage\.p\d\d|import\.format|keys\.algorithms.*|keyManagers\.kinds.*|.*\.value)$/;
