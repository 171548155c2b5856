import { describe, expect, it } from 'vitest';
import { filesOf } from './archive';
import { markOf } from './definition-lint';

/** A ZIP archive of one file, `a/api.yaml`, that holds `name: Pets`: stored, as bytes. */
function archiveOf(name: string, content: Uint8Array, method: number): ArrayBuffer {
  const title = new TextEncoder().encode(name);
  const head = new DataView(new ArrayBuffer(30));
  head.setUint32(0, 0x04034b50, true);
  head.setUint16(26, title.length, true);
  const entry = new DataView(new ArrayBuffer(46));
  entry.setUint32(0, 0x02014b50, true);
  entry.setUint16(10, method, true);
  entry.setUint32(20, content.length, true);
  entry.setUint16(28, title.length, true);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint32(16, 30 + title.length + content.length, true);
  const parts = [head.buffer, title, content, entry.buffer, title, end.buffer].map((part) => new Uint8Array(part as ArrayBuffer));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

describe('an archive', () => {
  it('gives its texts by their names', async () => {
    const files = await filesOf(archiveOf('a/api.yaml', new TextEncoder().encode('name: Pets'), 0));
    expect([...files]).toEqual([['a/api.yaml', 'name: Pets']]);
  });

  it('without a directory is none', async () => {
    await expect(filesOf(new ArrayBuffer(40))).rejects.toThrow('no directory');
  });
});

describe('a fault of a definition', () => {
  it.each([
    ['line 3, column 5', { line: 3, column: 5 }],
    ['/paths/~1pets (line 12)', { line: 12, column: 1 }],
    ['/info', { line: 1, column: 1 }],
  ])('at %s is marked there', (description, place) => {
    expect(markOf({ message: 'is wrong', description })).toEqual({ ...place, message: 'is wrong' });
  });
});
