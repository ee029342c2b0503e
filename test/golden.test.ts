// The checked-in hashes hold for the sources too: any change of a bit shows here, on either backend.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFunctions } from '../src/functions/index.js';
import '../src/layers/index.js';
import '../src/methods.js';
import { computeGolden, differences, type Golden } from './golden.mjs';
import { dtypes, entries } from './support/backends.js';

const expected: Golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8'));

describe.each(entries)('golden hashes on %s', (_, entry) => {
  // Of more threads in threads.test.ts, for which the package must be built.
  test('are those checked in', async () => {
    const golden = await computeGolden(entry, createFunctions(entry.engine), [1]);
    expect(differences(golden, expected)).toEqual([]);
    expect(Object.keys(golden).length).toBeGreaterThan(200);
  });
});

test('rows with their zeros and without have the same', () => {
  const names = Object.keys(expected).filter((name) => name.startsWith('sparse '));
  expect(names.length).toBe(6);
  for (const name of names) expect(expected[name]).toBe(expected[name.replace('sparse', 'zeros')]);
});

test('every function and dtype has hashes, and no two results are accidentally one', () => {
  const names = Object.keys(expected);
  for (const name of [
    'sigmoid',
    'sigmoidDerivative',
    'mseLoss',
    'dot',
    'matmul',
    'axpy',
    'forwardAndBackward',
    'network',
    'fit',
    'function',
    'matrix',
  ]) {
    for (const dtype of dtypes) expect(names.some((each) => each.startsWith(`${name} ${dtype} `))).toBe(true);
  }
  // Empty results share one hash, and the same product stands under several names; the rest must differ.
  expect(new Set(Object.values(expected)).size).toBeGreaterThan(250);
});
