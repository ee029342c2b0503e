// What bitgrad/methods gives to RandomState has the draws of numpy.random.RandomState, and leaves its stream where NumPy does.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import '../../src/methods.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { exp } from '../../src/numbers/precise-exp.js';
import { type RandomState, random } from '../../src/random/random.js';
import { ulps } from '../support/ulps.js';

type Numbers = Float64Array | Int32Array;
type Draw = (...given: unknown[]) => unknown;

interface Case {
  name: 'uniform' | 'randint' | 'poisson' | 'binomial' | 'exponential' | 'normal';
  args: number[];
  seed: number;
  next: number;
}
interface Choice {
  n: number;
  size: number | null;
  replace: boolean;
  p: number[] | null;
  seed: number;
  first: number[];
  sha256: string;
  next: number;
}
interface Fixture {
  hashed: (Case & { n: number; first: number[]; sha256: string })[];
  choices: Choice[];
  given: (Case & { draws: number[] })[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/distributions.json', import.meta.url), 'utf8'));

const sha256 = (array: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex');

const draw = (rng: RandomState, name: Case['name'], ...given: unknown[]) =>
  (rng[name] as Draw).call(rng, ...given) as Numbers;

describe('as in NumPy, to the bit', () => {
  test.each(fixture.hashed)('$name($args)', ({ name, args, seed, n, first, sha256: hash, next }) => {
    const rng = random(seed);
    const draws = draw(rng, name, ...args, n);
    expect(draws).toBeInstanceOf(name === 'uniform' ? Float64Array : Int32Array);
    expect(Array.from(draws.subarray(0, 4))).toEqual(first);
    expect(sha256(draws)).toBe(hash);
    expect(rng.rand()).toBe(next);
  });

  test.each(fixture.choices)('choice($n, $size, { replace: $replace })', (each) => {
    const { n, size, replace, p, seed, first, next } = each;
    const options = { replace, ...(p && { p }) };
    const rng = random(seed);
    const drawn = size === null ? Int32Array.of(rng.choice(n, undefined, options)) : rng.choice(n, size, options);
    expect(Array.from(drawn.subarray(0, 4))).toEqual(first);
    expect(sha256(drawn)).toBe(each.sha256);
    expect(rng.rand()).toBe(next);
    const words = Array.from({ length: n }, (_, i) => `w${i}`);
    const from = random(seed);
    const chosen = size === null ? [from.choice(words, undefined, options)] : from.choice(words, size, options);
    expect(chosen).toEqual(Array.from(drawn, (i) => words[i]));
  });
});

// NumPy takes the C library's log: see random.test.ts. One ulp there is one here, and may be two once it was multiplied.
test.each(fixture.given)(
  '$name($args): equal to NumPy but for the last bit of few',
  ({ name, args, seed, draws, next }) => {
    const rng = random(seed);
    const ours = draw(rng, name, ...args, draws.length);
    const distances = Array.from(ours, (x, i) => ulps(x, draws[i]));
    expect(Math.max(...distances)).toBeLessThanOrEqual(args[0] === 2.5 ? 2 : 1);
    expect(distances.filter((distance) => distance === 0).length / draws.length).toBeGreaterThan(0.99);
    expect(rng.rand()).toBe(next);
  },
);

test('a number, a vector and a matrix take the same draws; defaults', () => {
  for (const [name, args] of [
    ['uniform', [-1, 2]],
    ['normal', [1, 3]],
    ['exponential', [2]],
    ['poisson', [20]],
    ['binomial', [90, 0.4]],
    ['randint', [-3, 30]],
  ] as const) {
    const all = draw(random(3), name, ...args, 7);
    const rng = random(3);
    const matrix = draw(rng, name, ...args, [2, 2]) as unknown as Matrix;
    expect(matrix).toBeInstanceOf(Matrix);
    expect(matrix.shape).toEqual([2, 2]);
    const pieces = [
      ...matrix.data,
      draw(rng, name, ...args),
      ...draw(rng, name, ...args, 2),
      ...draw(rng, name, ...args, 0),
    ];
    expect(pieces).toEqual(Array.from(all));
  }
  expect(random(4).normal(undefined, undefined, 5)).toEqual(random(4).randn(5));
  expect(random(4).uniform(undefined, undefined, 5)).toEqual(random(4).rand(5));
  expect(random(4).exponential()).toBe(random(4).exponential(1));
  expect(random(4).poisson()).toBe(random(4).poisson(1));
  expect(random(4).randint(9)).toBe(random(4).randint(0, 9));
  expect(random(4).randint(9, undefined, 3)).toEqual(random(4).randint(0, 9, 3));
});

test('the spare normal number, and the state, go on', () => {
  const rng = random(5);
  const first = rng.normal(10, 2);
  const { state } = rng;
  const second = rng.normal(10, 2);
  expect([first, second]).toEqual(Array.from(random(5).randn(2), (x) => 10 + 2 * x));
  const again = random(1);
  again.state = state;
  expect(again.normal(10, 2)).toBe(second);
});

test('what is handed to choice may be any array, and stays as it is', () => {
  const source = Float32Array.of(1, 2, 3);
  const p = Float32Array.of(0.5, 0.25, 0.25);
  const drawn = random(2).choice(source, 50, { p });
  expect(Array.isArray(drawn)).toBe(true);
  expect(new Set(drawn)).toEqual(new Set([1, 2, 3]));
  expect(source).toEqual(Float32Array.of(1, 2, 3));
  random(2).choice(3, 3, { replace: false, p });
  expect(p).toEqual(Float32Array.of(0.5, 0.25, 0.25));
});

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
const any = (value: unknown): any => value;

test.each<[string, (rng: RandomState) => unknown, string]>([
  ['uniform', (r) => r.uniform(2, 1), '"high" must be 2 or more'],
  ['uniform', (r) => r.uniform(-1.7e308, 1.7e308), '"high" must be -1.7e+308 or more, and no further'],
  ['uniform', (r) => r.uniform(NaN), '"low" must be a finite number, got NaN'],
  ['normal', (r) => r.normal(0, -1), '"deviation" must be a finite number, 0 or more, got -1'],
  ['normal', (r) => r.normal(any('1')), '"mean" must be a finite number, got "1"'],
  ['exponential', (r) => r.exponential(-1), '"mean" must be a finite number, 0 or more'],
  ['poisson', (r) => r.poisson(2.1e9), '"mean" must be at most 2000000000, got 2100000000'],
  ['poisson', (r) => r.poisson(NaN), '"mean" must be a finite number, 0 or more, got NaN'],
  ['binomial', (r) => r.binomial(1.5, 0.5), '"n" must be an integer from 0 to 2147483647, got 1.5'],
  ['binomial', (r) => r.binomial(5, 1.5), '"p" must be a probability, from 0 to 1, got 1.5'],
  ['binomial', (r) => r.binomial(5, any(undefined)), '"p" must be a finite number, 0 or more, got undefined'],
  ['randint', (r) => r.randint(5, 5), '"high" must be above 5, got 5'],
  ['randint', (r) => r.randint(0), '"high" must be above 0, got 0'],
  ['randint', (r) => r.randint(0, 2 ** 31 + 1), '"high" must be an integer from -2147483648 to 2147483648'],
  ['randint', (r) => r.randint(any(undefined)), '"high" must be an integer from'],
  ['choice', (r) => r.choice(0), '"n" must be an integer from 1 to 2147483647, got 0'],
  ['choice', (r) => r.choice([]), '"source" has no elements'],
  ['choice', (r) => r.choice(any('abc')), '"n" must be an integer'],
  ['choice', (r) => r.choice(3, 4, { replace: false }), '"size" is 4, but without replacement there are 3'],
  ['choice', (r) => r.choice(3, 3, { replace: false, p: [0.5, 0.5, 0] }), 'there are 2 that may be drawn'],
  ['choice', (r) => r.choice(3, 1, { p: [0.5, 0.5] }), '"p" must have one probability for each of 3, got 2'],
  ['choice', (r) => r.choice(2, 1, { p: any([[0.5, 0.5]]) }), 'got a matrix of 1x2'],
  ['choice', (r) => r.choice(2, 1, { p: [0.5, 0.4] }), '"p" must add up to 1, got 0.9'],
  ['choice', (r) => r.choice(2, 1, { p: [1.5, -0.5] }), '"p[1]" must be a finite number, 0 or more, got -0.5'],
  ['choice', (r) => r.choice(2, 1, { p: [NaN, 1] }), '"p[0]" must be a finite number, 0 or more, got NaN'],
  ['choice', (r) => r.choice(2, 1, any({ prob: [1, 0] })), 'choice: unknown option "prob"; '],
  ['choice', (r) => r.choice(2, 1, { replace: any(1) }), '"replace" must be true or false, got 1'],
  ['size', (r) => r.normal(0, 1, -1), '"size" must be an integer from 0 to 2147483647, got -1'],
  ['size', (r) => r.poisson(1, any([2])), '"size" must be a number, or [rows, cols], got an array of 1'],
  ['size', (r) => r.poisson(1, [2, -1]), '"cols" must be a non-negative integer, got -1'],
])('%s: what is refused draws nothing (%#)', (_, call, message) => {
  const rng = random(1);
  expect(() => call(rng)).toThrow(message);
  expect(rng.rand()).toBe(random(1).rand());
});

describe('exp', () => {
  const Exact = Decimal.clone({ precision: 60 });

  test('is within 0.501 ulp, where poisson and binomial ask and beyond', () => {
    const rng = random(11);
    let most = 0;
    for (let i = 0; i < 4000; i++) {
      const x = -rng.rand() * [42, 10, 1, 2 ** -20, 700][i % 5] * (i % 10 < 5 ? 1 : -1);
      // All digits of a double, which is a multiple of 2^-100 here: its shortest are another number.
      const truth = new Exact(BigInt(x * 2 ** 100).toString()).div(new Exact(2).pow(100));
      const y = exp(x);
      const [high, scale] = exactly(y);
      const error = Exact.exp(truth)
        .minus(new Exact(high.toString()).times(new Exact(2).pow(scale)))
        .abs();
      most = Math.max(most, error.div(new Exact(2).pow(scale)).toNumber());
    }
    expect(most).toBeGreaterThan(0.4); // every correctly rounded function reaches nearly 0.5
    expect(most).toBeLessThanOrEqual(0.501);
  });

  test('is exact where it can be', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
  });

  /** A positive normal number as an integer of 53 bits times 2^scale: one ulp. */
  function exactly(y: number): [bigint, number] {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, y);
    const bits = view.getBigUint64(0);
    return [(bits & 0xfffffffffffffn) | 0x10000000000000n, Number(bits >> 52n) - 1075];
  }
});
