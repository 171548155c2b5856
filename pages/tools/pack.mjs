// Packs the texts among the assets once, as small as they get: what takes Brotli is sent these where nobody else compresses.
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const assets = join(dirname(import.meta.dirname), 'dist/assets');
const texts = readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name));
const sizes = await Promise.all(texts.map(pack));
const [plain, packed] = [0, 1].map((at) => Math.round(sizes.reduce((sum, size) => sum + size[at], 0) / 1024));
console.log(`assets: ${texts.length} texts of ${plain} KiB packed into ${packed} KiB`);

async function pack(name) {
  const text = await readFile(join(assets, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  const small = await promisify(brotliCompress)(text, { params });
  await writeFile(join(assets, `${name}.br`), small);
  return [text.length, small.length];
}
