// Part gradients: wherever a batch is cut into nodes of the canonical tree, they merge to the bits of the whole.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import { property } from '../support/long.js';
import { flatten, type Net, type Options, rowsOf, targets, uniform } from '../support/networks.js';
import { generator, seeds } from '../support/values.js';

const TILE = 256;
type Part = ReturnType<Net['partialGradients']>;

/** Around multiples of a tile, and any. */
const rowCounts = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: -2, max: 2 })).map(([tiles, more]) => tiles * TILE + more),
  fc.integer({ min: 1, max: 2000 }),
);
const cases = fc.record({ rows: rowCounts, weighted: fc.boolean(), softmax: fc.boolean(), seed: seeds });
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

/** Where the canonical tree cuts a batch of more than one tile. */
function cutOf(rows: number): number {
  let cut = TILE;
  while (2 * cut < rows) cut *= 2;
  return cut;
}

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    function setUp({ rows, weighted, softmax, seed }: Case) {
      const options: Options = {
        inputs: 3,
        layers: [
          { units: 4, activation: 'tanh' },
          softmax ? { units: 3, activation: 'softmax' } : { units: 2, bias: false },
        ],
        loss: softmax ? 'crossEntropy' : 'mse',
        dtype,
        reduction: seed % 3 ? 'mean' : 'sum',
        seed: seed % 1000,
      };
      const net = api.network(options);
      const X = uniform(dtype, rows, 3, seed, 2);
      const y = targets(dtype, net.outputs === 3 ? 'crossEntropy' : 'mse', rows, net.outputs, seed + 1);
      const next = generator(seed);
      const sampleWeight = weighted ? arrayOf(dtype, rows).map(() => 0.01 + (next() % 1000) / 300) : undefined;
      /** The partial of rows [from, end), where they are. */
      const partial = (from: number, end: number, rowOffset = from): Part =>
        net.partialGradients(rowsOf(X, from, end), rowsOf(y, from, end), {
          rowOffset,
          sampleWeight: sampleWeight?.slice(from, end),
        });
      return { net, X, y, sampleWeight, partial };
    }

    function expectSame(a: Part, b: Part): void {
      expectSameBits(a.sums, b.sums);
      expect({ ...a, sums: 0 }).toEqual({ ...b, sums: 0 });
    }

    property('any cuts of the tree, merged, are the whole', 0.03, cases, (given) => {
      const { net, X, y, sampleWeight, partial } = setUp(given);
      const next = generator(given.seed + 7);
      const { mergePartials } = api;
      let parts = 0;
      /** Cut here, and perhaps further down. */
      const build = (from: number, end: number, chance: number): Part => {
        const whole = end - from <= TILE || next() % 8 >= chance;
        if (whole) {
          parts++;
          return structuredClone(partial(from, end));
        }
        const cut = from + cutOf(end - from);
        // Either may be ready first.
        if (next() % 2) return mergePartials(build(from, cut, chance), build(cut, end, chance));
        const right = build(cut, end, chance);
        return mergePartials(build(from, cut, chance), right);
      };
      const whole = partial(0, given.rows);
      for (const chance of [8, 5, 2]) expectSame(build(0, given.rows, chance), whole);
      expect(parts).toBeGreaterThanOrEqual(Math.ceil(given.rows / TILE));

      const options = { l2: 0.5, l1: 0.125, penalty: given.weighted ? 'scikitLearn' : 'plain' } as const;
      for (const penalties of [{}, options]) {
        const expected = net.gradients(X, y, { sampleWeight, ...penalties });
        const merged = net.gradientsFrom(build(0, given.rows, 6), penalties);
        expect(Object.is(merged.loss, expected.loss)).toBe(true);
        expectSameBits(arrayOf(dtype, flatten(merged)), arrayOf(dtype, flatten(expected)));
      }
      net.dispose();
    });

    test('tiles that come in one by one merge as a binary counter carries', () => {
      const rows = 7 * TILE + 100;
      const { net, partial } = setUp({ rows, weighted: true, softmax: true, seed: 5 });
      const stack: Part[] = [];
      const merge = () => {
        const right = stack.pop() as Part;
        stack.push(api.mergePartials(stack.pop() as Part, right));
      };
      for (let tile = 1; tile <= 8; tile++) {
        stack.push(partial((tile - 1) * TILE, Math.min(rows, tile * TILE)));
        for (let n = tile; n % 2 === 0; n /= 2) merge();
      }
      while (stack.length > 1) merge();
      expectSame(stack[0], partial(0, rows));
      net.dispose();
    });

    test('a partial belongs to the caller: later calls leave it alone, merging changes neither', () => {
      const { net, partial } = setUp({ rows: 600, weighted: false, softmax: false, seed: 9 });
      const [a, b] = [partial(0, 512), partial(512, 600)];
      const before = structuredClone([a, b]);
      expect(before[0].sums).toBeInstanceOf(dtype === 'f64' ? Float64Array : Float32Array);
      const merged = api.mergePartials(a, b);
      net.gradientsFrom(merged);
      expect([a, b]).toEqual(before);
      expect(merged).toMatchObject({ rowOffset: 0, rows: 600, weightTotal: 600, dtype });
      expect(net.gradientsFrom(structuredClone(merged))).toEqual(net.gradientsFrom(merged));
      net.dispose();
    });
  });

  test('a part may have no weight at all, if the whole has some', () => {
    const net = api.network({ inputs: 1, layers: [1] });
    const [X, y] = [uniform('f64', 512, 1, 1), uniform('f64', 512, 1, 2)];
    const sampleWeight = new Float64Array(512).fill(1, 0, 256);
    const [left, right] = [0, 256].map((from) => {
      const part = [rowsOf(X, from, from + 256), rowsOf(y, from, from + 256)] as const;
      return net.partialGradients(...part, { rowOffset: from, sampleWeight: sampleWeight.slice(from, from + 256) });
    });
    expect(net.gradientsFrom(api.mergePartials(left, right))).toEqual(net.gradients(X, y, { sampleWeight }));
  });
});
