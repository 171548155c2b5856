// The generator gives every client the same runtime. One is enough: it moves to `client/runtime`, and the clients import it there.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../client');
const RUNTIME = join(FOLDER, 'runtime');
const PARTS = ['client', 'core'];

rmSync(RUNTIME, { recursive: true, force: true });
mkdirSync(RUNTIME);
for (const name of readdirSync(FOLDER).filter((found) => found !== 'runtime')) {
  for (const part of PARTS) share(join(FOLDER, name, part), join(RUNTIME, part));
  for (const file of ['client.gen.ts', 'sdk.gen.ts']) {
    const path = join(FOLDER, name, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll("from './client'", "from '../runtime/client'"));
  }
}

/** Moves a folder to where all find it, or takes it away when what is there says the same. */
function share(from, to) {
  const held = textsOf(to);
  if (held === undefined) return renameSync(from, to);
  assert.deepEqual(textsOf(from), held, `${from} is another runtime than ${to}`);
  rmSync(from, { recursive: true });
}

function textsOf(folder) {
  try {
    return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  } catch (fault) {
    if (fault.code === 'ENOENT') return undefined;
    throw fault;
  }
}
