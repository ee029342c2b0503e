// The built package on hosts that others have changed, frozen built-ins, a polluted Object.prototype; and on those that lack something.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('hosts.mjs', import.meta.url));
const BARE = fileURLToPath(new URL('bare.mjs', import.meta.url));

test.each([
  ['frozen', []],
  ['frozen', ['--frozen-intrinsics']],
  ['polluted', []],
])('%s %j', async (what, flags) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROGRAM, what]);
  expect(stdout).toBe('right\n');
});

const WITHOUT = {
  'a registry of what was collected': ['FinalizationRegistry', 'WeakRef'],
  coders: ['TextDecoder', 'TextEncoder'],
  clocks: ['performance'],
  clones: ['structuredClone'],
  'messages and immediates': ['MessageChannel', 'setImmediate'],
  workers: ['process', 'Worker'],
};

test.each([...Object.entries(WITHOUT), ['all of these', [...Object.values(WITHOUT).flat(), 'setTimeout', 'crypto']]])(
  'without %s',
  async (_, names) => {
    const { stdout } = await promisify(execFile)(process.execPath, [BARE, ...names]);
    expect(stdout).toBe('right\n');
  },
);
