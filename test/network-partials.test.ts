// Part gradients: wherever a batch is cut into nodes of the canonical tree, they merge to the bits of the whole.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrayOf, dtypes, entries, expectSameBits } from './backends.js';
import { type Entry, flatten, type Net, type Options, rowsOf, targets, uniform } from './networks.js';
import { generator, property, seeds } from './values.js';

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

  describe('refused', () => {
    const { mergePartials, ShapeError, ValueError } = api;
    const make = (options: Partial<Options> = {}) => (api as Entry).network({ inputs: 1, layers: [1], ...options });
    const net = make();
    const part = (tiles: number, from: number, rows = tiles * TILE) =>
      net.partialGradients(uniform('f64', rows, 1, 1), uniform('f64', rows, 1, 2), { rowOffset: from * TILE });

    test.each([
      [100, 100, 256],
      [1, 128, 256],
      [257, 256, 512],
      [600, 512, 1024],
      [600, 256, 1024],
      [1025, 1024, 2048],
      [1, -256, 256],
      [1, 0.5, 256],
      [1, NaN, 256],
      [1, Infinity, 256],
      [1, 2 ** 53, 256],
    ])('%i rows at offset %d', (rows, rowOffset, step) => {
      const call = () => net.partialGradients(uniform('f64', rows, 1, 1), uniform('f64', rows, 1, 1), { rowOffset });
      expect(call).toThrow(ValueError);
      expect(call).toThrow(`"rowOffset" must be a multiple of ${step} for ${rows} rows, got ${rowOffset}`);
    });

    test.each<[string, () => [Part, Part], new (message: string) => Error, string]>([
      ['rows between them', () => [part(1, 0), part(1, 2)], ValueError, '"b" must begin at row 256, where "a" ends'],
      [
        'the same rows twice',
        () => [part(1, 0), part(1, 0)],
        ValueError,
        '"b" must begin at row 256, where "a" ends, got 0',
      ],
      ['the wrong order', () => [part(1, 1), part(1, 0)], ValueError, '"b" must begin at row 512'],
      ['a node and the next', () => [part(1, 1), part(1, 2)], ValueError, 'rows 256 to 768 cut at 512 are no node'],
      [
        'more tiles on the right',
        () => [part(1, 0), { ...part(1, 0, 300), rowOffset: 256 }],
        ValueError,
        'are no node',
      ],
      ['3 tiles and 1', () => [part(3, 0), part(1, 3)], ValueError, 'rows 0 to 1024 cut at 768 are no node'],
      ['a ragged left part', () => [part(1, 0, 200), { ...part(1, 0, 56), rowOffset: 200 }], ValueError, 'are no node'],
      [
        'another size',
        () => [part(1, 0), { ...part(1, 1), sums: new Float64Array(4) }],
        ShapeError,
        'the same network',
      ],
      [
        'another dtype',
        () => [part(1, 0), { ...part(1, 1), dtype: 'f32', sums: new Float32Array(3) }],
        ShapeError,
        '3 f64 sums and "b" 3 f32: they must come from the same network',
      ],
    ])('%s', (_what, make, error, message) => {
      const [a, b] = make();
      expect(() => mergePartials(a, b)).toThrow(error);
      expect(() => mergePartials(a, b)).toThrow(message);
    });

    test("another network's partial, or none, in gradientsFrom", () => {
      const others = [make({ inputs: 2 }), make({ dtype: 'f32' })];
      const partials: unknown[] = others.map((other) => {
        const X = uniform(other.dtype, 3, other.inputs, 1);
        return other.partialGradients(X, [1, 2, 3]);
      });
      for (const bad of [...partials, undefined, null, {}, 5, { dtype: 'f64' }]) {
        const call = () => net.gradientsFrom(bad as Part);
        expect(call).toThrow(ShapeError);
        expect(call).toThrow('"partial" must hold 3 f64 sums, as this network\'s partialGradients returns');
      }
    });

    test('what is no partial, in mergePartials', () => {
      for (const bad of [undefined, null, {}, 5, [part(1, 1)]]) {
        expect(() => mergePartials(part(1, 0), bad as Part)).toThrow(api.BitgradError);
        expect(() => mergePartials(bad as Part, part(1, 1))).toThrow(api.BitgradError);
      }
    });

    test('unknown options, sample weights of another number of rows', () => {
      const [X, y] = [
        [[1], [2]],
        [1, 2],
      ];
      expect(() => net.partialGradients(X, y, { l2: 1 } as object)).toThrow('partialGradients: unknown option "l2"');
      expect(() => net.partialGradients(X, y, { sampleWeight: [1] })).toThrow('"sampleWeight" has 1 weights');
      const whole = net.partialGradients(X, y);
      expect(() => net.gradientsFrom(whole, { sampleWeight: [1, 1] } as object)).toThrow(
        'unknown option "sampleWeight"',
      );
    });
  });
});
