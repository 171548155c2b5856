import type { Conflict } from './request';

/** A place where two changes of one thing differ. */
export interface Difference {
  /** The way to it, with dots: `endpointConfig.production_endpoints.url`. */
  path: string;
  mine: unknown;
  theirs: unknown;
  /** Only one side has changed it; then there is nothing to ask. */
  changedBy: 'me' | 'them' | 'both';
}

/** Where the two differ, fields that the server alone writes left out. */
export function differencesOf({ before, mine, theirs }: Conflict): Difference[] {
  const [was, my, their] = [leavesOf(before), leavesOf(mine), leavesOf(theirs)];
  const paths = [...new Set([...my.keys(), ...their.keys()])].filter((path) => !SERVERS_OWN.test(path));
  return paths
    .filter((path) => !same(my.get(path), their.get(path)))
    .map((path) => ({
      path,
      mine: my.get(path),
      theirs: their.get(path),
      changedBy: whoChanged(was.get(path), my.get(path), their.get(path)),
    }));
}

/** Theirs, with my values at `paths`. */
export function mergeOf({ mine, theirs }: Conflict, paths: string[]): unknown {
  const merged: unknown = structuredClone(theirs);
  const my = leavesOf(mine);
  for (const path of paths) put(merged, path.split(SEPARATOR), my.get(path));
  return merged;
}

function whoChanged(was: unknown, mine: unknown, theirs: unknown) {
  if (same(was, theirs)) return 'me';
  return same(was, mine) ? 'them' : 'both';
}

/** Objects are entered, lists are compared whole: their places have no names. */
function leavesOf(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, part] of Object.entries(value)) leavesOf(part, path === '' ? name : `${path}${SEPARATOR}${name}`, found);
  } else {
    found.set(path, value);
  }
  return found;
}

function put(target: unknown, [name, ...rest]: string[], value: unknown) {
  if (typeof target !== 'object' || target === null || name === undefined || FORBIDDEN.includes(name)) return;
  const held = target as Record<string, unknown>;
  if (rest.length === 0) {
    if (value === undefined) delete held[name];
    else held[name] = value;
    return;
  }
  if (typeof held[name] !== 'object' || held[name] === null) held[name] = {};
  put(held[name], rest, value);
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}

const SEPARATOR = '.';
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
const SERVERS_OWN = /^(lastUpdatedTime|lastUpdatedTimestamp|createdTime|updatedTime|lastUpdated|generation|updatedBy)$/;
