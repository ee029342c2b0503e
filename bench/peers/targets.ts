// What bitgrad is to reach against its peers, and whether this run reached it.

import type { Dtype } from '../entries.js';
import { keyOf, type Result } from '../result.js';
import { check, ofLimit, percent, type Spec, speed, type Target, times } from '../targets.js';
import { PRODUCTS } from './programs.js';

const key = (name: string, dtype: Dtype) => keyOf({ name, dtype, mode: '' });
const [WASM, TS] = ['bitgrad wasm', 'bitgrad ts'];

/** Against the faster one of those that ran. */
const best = (at: string, fast: string, slow: string[], of: string, bound: number): Spec => ({
  key: at,
  take: ({ ms }) => {
    const rivals = slow.flatMap((name) => ms[name] ?? []);
    return rivals.length > 0 ? Math.min(...rivals) / ms[fast] : undefined;
  },
  bound,
  show: times,
  of: `${fast} against ${of}`,
});

const BATCH = 'step 64x784-128-10';
const WIDE = 'step 1024x784-512-10';
const LONG = 'step 100000x2-3-1';
const TINY = 'step 1x2-3-1';
const DTYPES: Dtype[] = ['f64', 'f32'];

const nanoseconds = (ms: number) => `${(ms * 1e6).toFixed(0)} ns`;

const SPECS: Spec[] = [
  speed(key(BATCH, 'f32'), WASM, 'jax-js', 2),
  speed(key(BATCH, 'f32'), WASM, 'tfjs wasm', 8),
  speed(key(BATCH, 'f32'), WASM, 'NumPy', 0.35),
  speed(key(WIDE, 'f32'), WASM, 'jax-js', 2),
  ofLimit(key(WIDE, 'f32'), 0.8),
  {
    key: key(BATCH, 'f64'),
    take: ({ ms }) => (ms[PRODUCTS] === undefined ? undefined : ms[PRODUCTS] / ms[WASM]),
    bound: 0.85,
    show: percent,
    of: 'of the speed of its products alone',
  },
  speed(key(LONG, 'f64'), WASM, 'NumPy', 2.5),
  speed(key(LONG, 'f32'), WASM, 'NumPy', 1.5),
  speed(key(LONG, 'f32'), WASM, 'jax-js', 4),
  best(key(LONG, 'f32'), WASM, ['tfjs wasm', 'tfjs cpu'], 'tfjs', 4),
  ...DTYPES.flatMap((dtype): Spec[] => [
    speed(key(TINY, dtype), WASM, 'NumPy', 50),
    {
      key: key(TINY, dtype),
      take: ({ ms }) => ms[WASM],
      bound: 200e-6,
      below: true,
      show: nanoseconds,
      of: `by ${WASM}`,
    },
  ]),
  speed(key(TINY, 'f32'), WASM, 'jax-js', 100),
  speed(key(BATCH, 'f32'), TS, 'tfjs cpu', 5),
  speed(key(BATCH, 'f64'), TS, 'ml-matrix', 1),
];

export function targets(results: ReadonlyMap<string, Result>): Target[] {
  return SPECS.map((spec) => check(spec, results));
}
