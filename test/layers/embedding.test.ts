// Embeddings beside what test/layers/oracles.test.ts and each.test.ts say of them: which numbers count as integers, and what is
// refused, wherever it is met.

import { createEngine } from 'bitgrad';
import 'bitgrad/layers';
import { describe, expect, test } from 'vitest';
import { dtypes, entries } from '../support/backends.js';
import { uniform } from '../support/networks.js';

const WRONG: [what: string, value: number][] = [
  ['too large', 3],
  ['too small', -1],
  ['no integer', 1.5],
  ['NaN', Number.NaN],
  ['infinite', -Infinity],
  ['huge', 1e30],
];
const layer = {
  kind: 'embedding',
  column: 1,
  categories: 3,
  units: 2,
  weights: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
} as const;

describe.each(entries)('on %s', (_, { engine }) => {
  test.each(dtypes)('its numbers take the place of the column, in %s', (dtype) => {
    const net = engine.network({ inputs: 3, layers: [layer], dtype });
    const X = [
      [0.5, 2, -1],
      [7, 0, 8],
      [7, -0, 8],
      [0, 1 + 2 ** -11, 0],
      [0, 2 - 2 ** -10, 0],
    ];
    const wanted = [
      [0.5, 5, 6, -1],
      [7, 1, 2, 8],
      [7, 1, 2, 8],
      [0, 3, 4, 0],
      [0, 5, 6, 0],
    ];
    expect(net.forward(X).toArray()).toEqual(wanted);
    expect(net.summary()).toContain('3 x 4');
    const { weights, inputs } = net.gradients(
      X,
      wanted.map((row) => row.map((x) => x - 2)),
      { wrtInputs: true },
    );
    // Of 5 rows one has category 1, and two each of the others; 4 outputs.
    expect(weights[0].toArray()).toEqual(
      [
        [0.4, 0.4],
        [0.2, 0.2],
        [0.4, 0.4],
      ].map((row) => row.map((x) => (dtype === 'f32' ? Math.fround(x) : x))),
    );
    expect(Array.from(inputs?.data ?? [], Math.sign)).toEqual(X.flatMap(() => [1, 0, 1]));
  });

  test.each(WRONG)('what is %s is refused by every call, which then goes on', (_, value) => {
    const net = engine.network({ inputs: 3, layers: [layer, 1] });
    const X = [
      [1, 2, 3],
      [1, value, 3],
      [1, -5, 3],
    ];
    const y = [1, 2, 3];
    const text = `"layers[0]" embeds integers from 0 to 2: column 1 of its inputs holds ${value}`;
    const calls = [
      () => net.forward(X),
      () => net.loss(X, y),
      () => net.gradients(X, y),
      () => net.partialGradients(X, y),
      () => net.perSampleGradients(X, y),
      () => net.gradientNorms(X, y),
      () => net.jacobian(X),
    ];
    for (const call of calls) {
      expect(call).toThrow(text);
      expect(net.loss([[1, 2, 3]], [1])).toBeGreaterThan(0);
    }
  });

  test('what is wrong is named', () => {
    const make =
      (given: object, inputs = 2) =>
      () =>
        engine.network({ inputs, layers: [given as never, 1] });
    const embedding = { kind: 'embedding', column: 0, categories: 3, units: 2 };
    expect(make({ ...embedding, column: 2 })).toThrow('"layers[0].column" must be an integer from 0 to 1, got 2');
    expect(make({ ...embedding, column: undefined })).toThrow('"layers[0].column" must be an integer from 0 to 1');
    expect(make({ ...embedding, categories: 0 })).toThrow(
      '"layers[0].categories" must be an integer from 1 to 16777216',
    );
    expect(make({ ...embedding, units: 0.5 })).toThrow('"layers[0].units" must be a positive integer');
    expect(make({ ...embedding, initializer: 'ones' })).toThrow('"layers[0].initializer" must be one of');
    expect(make({ ...embedding, weights: [[1, 2]] })).toThrow(
      '"layers[0].weights" is 1x2, but the layer has 3x2 weights',
    );
    expect(make({ ...embedding, bias: true })).toThrow('unknown option "bias"');
  });

  test('many categories', () => {
    const net = engine.network({
      inputs: 1,
      layers: [{ kind: 'embedding', column: 0, categories: 100_000, units: 3 }, 1],
      dtype: 'f32',
    });
    const X = [[99_999], [0], [65_537]];
    const { weights } = net.gradients(X, [1, 2, 3]);
    const touched = Array.from(weights[0]).flatMap((row, i) => (row.some((x) => x !== 0) ? [i] : []));
    expect(touched).toEqual([0, 65_537, 99_999]);
  });
});

describe.each(['wasm', 'ts'] as const)('training on %s', (backend) => {
  const engine = createEngine({ backend });
  const X = uniform('f64', 40, 3, 1);
  for (let i = 0; i < 40; i++) X.set(i, 1, i % 3);
  const y = uniform('f64', 40, 1, 2);
  const broken = X.data.slice();
  broken[3 * 17 + 1] = 7;
  const bad = { rows: 40, cols: 3, data: broken };
  const text = '"layers[0]" embeds integers from 0 to 2: column 1 of its inputs holds 7';

  // Of a large network calls of kernels wait, here, so that the error is found by looking for where NaN began.
  test.each([
    ['small, here', 4, false],
    ['large, here', 600, false],
    ['small, in a worker', 4, true],
  ])('refuses a wrong integer: %s', async (_, units, background) => {
    const net = engine.network({ inputs: 3, layers: [layer, { units, activation: 'tanh' }, units, 1] });
    const before = net.parameters.slice();
    const options = { epochs: 1, batchSize: 10, shuffle: false, background };
    await expect(net.fit(bad, y, options)).rejects.toThrow(text);
    expect(net.parameters.slice().length).toBe(before.length);
    await expect(net.fit(X, y, { ...options, validationData: { X: bad, y } })).rejects.toThrow(text);
    await net.fit(X, y, options);
    expect(net.parameters.every(Number.isFinite)).toBe(true);
  });
});
