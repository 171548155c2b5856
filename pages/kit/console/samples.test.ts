import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SAMPLES, type SampleLanguage } from './samples';

const hostile = {
  method: 'POST',
  url: 'http://localhost:1/a?b=1',
  headers: [['X-A', 'it"s \\ $(id) `id`']] as [string, string][],
  body: '{"name": "R\u00e9x \\n \'"#}',
};

describe('a sample', () => {
  it.each(Object.keys(SAMPLES) as SampleLanguage[])('in %s carries method, address, headers and body', (language) => {
    const written = SAMPLES[language].write({ method: 'PUT', url: 'https://a.example/x', headers: [['ApiKey', 'k1']], body: 'hello' });
    for (const part of ['PUT', 'https://a.example/x', 'ApiKey', 'k1', 'hello']) expect(written).toContain(part);
  });

  it('in JavaScript parses, whatever it quotes', () => {
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    expect(() => new AsyncFunction(SAMPLES.javascript.write(hostile))).not.toThrow();
  });

  it('in Python parses, whatever it quotes', () => {
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: SAMPLES.python.write(hostile) });
  });

  it('in Rust takes as many hashes as the text needs', () => {
    expect(SAMPLES.rust.write(hostile)).toContain('r##"{"name": "R\u00e9x \\n \'"#}"##');
  });
});
