// Deno asks for nothing: on a terminal it would wait for an answer.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Packed } from '../packed.js';
import { DENO, missing, output, prepare } from './engines.js';

let packed: Packed;

beforeAll(() => {
  packed = prepare();
}, 120_000);

afterAll(() => packed.remove());

/** What a program prints, and what it asked to be allowed. */
async function run(program: string, flags: string[] = [], env: object = {}): Promise<[string, string]> {
  const asked = join(packed.project, `${program}-${flags}.jsonl`);
  const options = { cwd: packed.project, env: { ...process.env, ...env, DENO_AUDIT_PERMISSIONS: asked } };
  const printed = await output(DENO, ['run', ...flags, program], options);
  return [printed, existsSync(asked) ? readFileSync(asked, 'utf8') : ''];
}

describe.skipIf(missing(DENO))('Deno', () => {
  test('without any permission: all but files, a worker too, and nothing is asked for', async () => {
    const [printed, asked] = await run('deno.mjs');
    expect(JSON.parse(printed)).toMatchObject({
      reason: 'WebAssembly SIMD works here',
      here: { where: 'main', backend: 'wasm' },
      there: { where: 'worker', backend: 'wasm' },
      same: true,
    });
    expect(asked).toBe('');
  });

  test('it would be seen', async () => {
    writeFileSync(join(packed.project, 'asks.mjs'), "try { Deno.env.get('HOME'); } catch {}");
    expect((await run('asks.mjs'))[1]).toContain('"HOME"');
  });

  test.each([
    ['--allow-env=BITGRAD_BACKEND', 'BITGRAD_BACKEND=ts'],
    ['--deny-env', 'WebAssembly SIMD works here'],
  ])('BITGRAD_BACKEND is read where that is allowed: %s', async (flag, reason) => {
    const [printed] = await run('deno.mjs', [flag], { BITGRAD_BACKEND: 'ts' });
    expect(JSON.parse(printed)).toMatchObject({ reason, same: true });
  });
});
