// How vitest compares what tests compare most: element by element, as it does itself, but some 20 times as fast. Of lists of
// numbers, texts and the like only equality is found here: what differs, or is nested, is for vitest.

import { expect } from 'vitest';
import { Matrix } from '../../src/matrix/matrix.js';
import type { TypedArray } from '../../src/matrix/operand.js';

type AnyArray = TypedArray | Uint8Array;

function same(a: AnyArray, b: AnyArray): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

const isArray = (x: unknown): x is AnyArray =>
  x instanceof Float64Array || x instanceof Float32Array || (x instanceof Uint8Array && x.constructor === Uint8Array);

const PLAIN = new Set(['number', 'string', 'boolean']);

function samePlain(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) || !PLAIN.has(typeof a[i])) return false;
  return true;
}

expect.addEqualityTesters([
  (a: unknown, b: unknown) => {
    if (Array.isArray(a) && Array.isArray(b)) return samePlain(a, b) || undefined;
    if (isArray(a) && isArray(b)) return a.constructor === b.constructor && same(a, b);
    if (!(a instanceof Matrix && b instanceof Matrix)) return undefined;
    return a.rows === b.rows && a.cols === b.cols && a.dtype === b.dtype && same(a.data, b.data);
  },
]);
