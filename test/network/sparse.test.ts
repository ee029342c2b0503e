// Sparse inputs give every bit that dense ones give, whatever is asked of a network.

import { describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import { SparseMatrix } from '../../src/matrix/sparse.js';
import { mergePartials } from '../../src/network/gradients.js';
import { random } from '../../src/random/random.js';
import { GradientTape } from '../../src/train/index.js';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import type { Net, Options } from '../support/networks.js';

/** Rows of which so much is not zero, as a dense and a sparse matrix; what is zero is stored here and there, too. */
function rowsOf(dtype: 'f64' | 'f32', rows: number, cols: number, density: number, seed: number) {
  const rng = random(seed);
  const dense = arrayOf(dtype, rows * cols);
  const stored: [number, number, number][] = [];
  for (let at = 0; at < rows * cols; at++) {
    // The last rows are empty, and a fifth of the columns.
    const empty = at >= rows * cols * 0.95 || at % 5 === 3;
    if (!empty && rng.rand() < density) dense[at] = rng.rand() - 0.5;
    if (dense[at] !== 0 || rng.rand() < 0.01) stored.push([Math.floor(at / cols), at % cols, dense[at]]);
  }
  return { D: { rows, cols, data: dense }, X: SparseMatrix.fromEntries(rows, cols, stored, { dtype }) };
}

type Given = ReturnType<typeof rowsOf>;

function compare(net: Net, { D, X }: Given, y: number[]): void {
  expectSameBits(net.forward(X).data, net.forward(D).data);
  expect(net.loss(X, y)).toEqual(net.loss(D, y));
  const sampleWeight = Float64Array.from(y, (_, i) => 1 + (i % 3));
  for (const options of [{}, { wrtInputs: true as const, sampleWeight, l2: 0.01 }]) {
    const [a, b] = [X, D].map((rows) => net.gradients(rows, y, options));
    expect(a.loss).toEqual(b.loss);
    for (const what of ['weights', 'biases'] as const) {
      for (const [i, matrix] of a[what].entries()) if (matrix) expectSameBits(matrix.data, b[what][i]?.data as never);
    }
    if (a.inputs && b.inputs) expectSameBits(a.inputs.data, b.inputs.data);
  }
}

const SHAPES = [
  [1, 1, 1],
  [3, 5, 2],
  [9, 40, 4],
  [256, 40, 13],
  [257, 33, 64],
  [600, 9, 37],
  [300, 130, 5],
];

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const build = (options: Partial<Options>): Net =>
      api.network({ inputs: 4, layers: [3, 1], dtype, seed: 2, ...options } as Options);
    const targetsOf = (rows: number) => Array.from({ length: rows }, (_, i) => (i * 0.37) % 1);

    test.each(SHAPES)('%i x %i to %i units, at every density', (rows, inputs, units) => {
      for (const density of [0, 0.02, 0.3, 1]) {
        const net = build({ inputs, layers: [{ units, activation: 'tanh' }, 1] });
        compare(net, rowsOf(dtype, rows, inputs, density, rows + units), targetsOf(rows));
        const one = build({ inputs, layers: [{ units: 1, bias: false }] });
        compare(one, rowsOf(dtype, rows, inputs, density, 7), targetsOf(rows));
        net.dispose();
        one.dispose();
      }
    });

    test.each([Number.NaN, Infinity, -Infinity])('weights of %d, whose products with zeros are NaN', (wild) => {
      const given = rowsOf(dtype, 70, 12, 0.5, 3);
      for (const places of [[0], [5], [3, 4], [12, 13, 14], [1, 7, 13, 19, 25, 31, 37, 43, 49, 55, 61, 67]]) {
        const net = build({ inputs: 12, layers: [6, 1] });
        for (const at of places) net.weights[0].data[at] = wild;
        compare(net, given, targetsOf(70));
        // All of a row's numbers are there: none is a product with zero.
        const full = rowsOf(dtype, 4, 12, 1, 3);
        full.D.data.fill(1);
        const all = { D: full.D, X: SparseMatrix.fromDense(full.D) };
        compare(net, all, targetsOf(4));
        net.dispose();
      }
    });

    test('numbers of rows that are not finite, and errors that are not', () => {
      for (const wild of [Number.NaN, Infinity]) {
        const given = rowsOf(dtype, 20, 8, 0.4, 5);
        given.D.data[3] = wild;
        const net = build({ inputs: 8, layers: [{ units: 5, activation: 'relu' }, 1] });
        compare(net, { D: given.D, X: SparseMatrix.fromDense(given.D) }, targetsOf(20));
        const same = rowsOf(dtype, 20, 8, 0.4, 5);
        compare(net, same, targetsOf(20).with(4, wild));
        net.dispose();
      }
    });

    test('layers that take no sparse inputs get the zeros', () => {
      const given = rowsOf(dtype, 300, 9, 0.2, 4);
      const first = [{ kind: 'dropout', rate: 0.4 }, { kind: 'batchNorm' }, { kind: 'layerNorm' }] as const;
      for (const layer of first) {
        const net = build({ inputs: 9, layers: [layer, { units: 5, activation: 'relu' }, 1] } as never);
        compare(net, given, targetsOf(300));
        expectSameBits(
          arrayOf(dtype, [net.loss(given.X, targetsOf(300), { rowsSeen: 11 })]),
          arrayOf(dtype, [net.loss(given.D, targetsOf(300), { rowsSeen: 11 })]),
        );
        net.dispose();
      }
    });

    test('whatever else takes X', () => {
      const { D, X } = rowsOf(dtype, 530, 17, 0.15, 9);
      const y = targetsOf(530);
      const net = build({ inputs: 17, layers: [{ units: 8, activation: 'tanh' }, 1] });
      const few = { D: { ...D, rows: 20, data: D.data.slice(0, 20 * 17) }, X: X.slice(0, 20) };
      expectSameBits(
        net.perSampleGradients(few.X, y.slice(0, 20)).data,
        net.perSampleGradients(few.D, y.slice(0, 20)).data,
      );
      expectSameBits(net.gradientNorms(X, y), net.gradientNorms(D, y));
      expectSameBits(net.jacobian(X).data, net.jacobian(D).data);
      expect(net.checkGradients(few.X, y.slice(0, 20))).toEqual(net.checkGradients(few.D, y.slice(0, 20)));
      const [a, b] = [net.zeroGradients({ rows: 530 }), net.zeroGradients({ rows: 530 })];
      net.gradientsInto(X, y, a);
      net.gradientsInto(D, y, b);
      expectSameBits(a.weights[0].data, b.weights[0].data);
      expectSameBits(a.inputs.data, b.inputs.data);
      const out = api.engine.zeros(530, 1, { dtype });
      expectSameBits(net.forwardInto(X, out).data, net.forward(D).data);
      const halves = [X.slice(0, 512), X.slice(512)].map((part, i) =>
        net.partialGradients(part, y.slice(512 * i, 512 * i + part.rows), { rowOffset: 512 * i }),
      );
      expect(mergePartials(halves[0], halves[1])).toEqual(net.partialGradients(D, y));
      const errors = D.data.slice(0, 530);
      const column = { rows: 530, cols: 1, data: errors };
      expectSameBits(net.backward(X, column).weights[0].data, net.backward(D, column).weights[0].data);
      const tapes = [X, D].map((rows) => {
        const tape = new GradientTape(net);
        tape.forward(rows);
        const { weights } = tape.backward(column);
        tape.dispose();
        return weights[0].data;
      });
      expectSameBits(tapes[0], tapes[1]);
    });

    test('targets and weights may be sparse, too', () => {
      const { D, X } = rowsOf(dtype, 40, 6, 0.3, 2);
      const y = rowsOf(dtype, 40, 2, 0.5, 3);
      const net = build({ inputs: 6, layers: [2] });
      expect(net.loss(X, y.X as never)).toBe(net.loss(D, y.D));
      const weights = rowsOf(dtype, 40, 1, 1, 4).D;
      for (let i = 0; i < 40; i++) weights.data[i] = i % 3;
      const sampleWeight = SparseMatrix.fromDense(weights);
      expect(net.loss(X, y.D, { sampleWeight } as never)).toBe(net.loss(D, y.D, { sampleWeight: weights }));
    });

    test('dense rows after sparse ones, and the other way round', () => {
      const { D, X } = rowsOf(dtype, 400, 11, 0.3, 6);
      const y = targetsOf(400);
      const net = build({ inputs: 11, layers: [{ units: 9, activation: 'relu' }, 1] });
      const fresh = build({ inputs: 11, layers: [{ units: 9, activation: 'relu' }, 1] });
      const wanted = fresh.gradients(D, y).weights[0].data;
      for (const rows of [D, X, D, X, X.slice(0, 3), X, D]) {
        const n = rows.rows;
        const { weights } = net.gradients(rows, y.slice(0, n));
        if (n === 400) expectSameBits(weights[0].data, wanted);
      }
    });

    test('what is not finite is looked for among what is stored', () => {
      const engine = api.createEngine({ dtype, memoryBytes: 64 << 20 });
      const net = engine.network({ inputs: 1 << 20, layers: [1], onNonFinite: 'throw' });
      const X = SparseMatrix.fromEntries(256, 1 << 20, [
        [7, 2, 1],
        [7, 3, Number.NaN],
      ]);
      expect(() => net.forward(X)).toThrow('"X" holds NaN in row 7, column 3');
      expect(() =>
        net.loss(
          X.map(() => 1),
          new Array(256).fill(Number.NaN),
        ),
      ).toThrow('"y" holds NaN in row 0, column 0');
    });

    test('of the wrong width it is refused, by its name', () => {
      const net = build({ inputs: 5, layers: [1] });
      expect(() => net.forward(SparseMatrix.fromEntries(2, 4, []))).toThrow('"X" is 2x4, but must have 5 columns');
      expect(() => net.forward(SparseMatrix.fromEntries(0, 5, []))).toThrow('"X" has no rows');
      const throwing = build({ inputs: 2, layers: [1], onNonFinite: 'throw' });
      expect(() => throwing.forward(SparseMatrix.fromEntries(2, 2, [[1, 1, Number.NaN]]))).toThrow(
        '"X" holds NaN in row 1, column 1',
      );
    });
  });
});
