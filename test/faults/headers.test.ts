// Headers that ask for more than they are: what they cost, under a small heap.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('bombs.mjs', import.meta.url));
/** A header of 100 MB must cost no more than that, and half a second. */
const MOST_BYTES = 100_000_000;
const MOST_MS = 500;

test('bombs in the header and in the texts within it: little time, little memory, an error that says which limit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
  try {
    const flags = ['--max-old-space-size=512', '--expose-gc'];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROGRAM, folder]);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.length).toBe(22);
    for (const { name, ms, grown, error, message } of results) {
      expect([name, error]).toEqual([name, 'FileFormatError']);
      expect(message.replace(folder, '').length, name).toBeLessThan(200);
      expect(ms, `${name}: ms of the processor`).toBeLessThan(MOST_MS);
      expect(grown, `${name}: bytes`).toBeLessThan(MOST_BYTES);
    }
    // Those that are not just no JSON are stopped by a limit, not by what comes after.
    const limited = results.filter(({ message }) => /more than|deeper|at most|twice/.test(message));
    expect(limited.length).toBe(17);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
