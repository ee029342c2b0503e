// The built package on hosts that others have changed: frozen built-ins, a polluted Object.prototype.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('hosts.mjs', import.meta.url));

test.each([
  ['frozen', []],
  ['frozen', ['--frozen-intrinsics']],
  ['polluted', []],
])('%s %j', async (what, flags) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROGRAM, what]);
  expect(stdout).toBe('right\n');
});
