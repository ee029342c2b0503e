// net.backward: what comes back from dLoss/dOutput is what the loss itself would have sent back, bit for bit.

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/matrix/matrix.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { type Entry, flatten, type Net, type Options, PAIRS, targets, uniform } from '../support/networks.js';

const UNITS = 3;
const identity = Array.from({ length: UNITS }, (_, i) => Array.from({ length: UNITS }, (_, j) => Number(i === j)));

/** A network cut behind its last logits: the whole, the body before the cut, the head behind it. */
function cut(api: Entry, options: Omit<Options, 'inputs' | 'layers'>, activation: (typeof PAIRS)[number][1]) {
  const body = [
    { units: 5, activation: 'gelu' as const },
    { units: 4, activation: 'tanh' as const },
  ];
  const common = { inputs: 2, seed: 3, initializer: 'glorotUniform' as const, ...options };
  const whole = api.network({ ...common, layers: [...body, { units: UNITS, activation }] });
  const before = api.network({ ...common, loss: 'mse', layers: [...body, UNITS] });
  before.parameters = whole.parameters;
  const layers = [{ units: UNITS, activation, weights: identity, bias: false }];
  const behind = api.network({ ...common, inputs: UNITS, layers });
  return { whole, before, behind, dispose: () => [whole, before, behind].map((net) => net.dispose()) };
}

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each(PAIRS)('%s after %s: a network cut in two has the gradients of the whole', (loss, activation) => {
      const { whole, before, behind, dispose } = cut(api, { loss, dtype, reduction: 'sum' }, activation);
      for (const rows of [1, 256, 300]) {
        const [X, y] = [uniform(dtype, rows, 2, 1), targets(dtype, loss, rows, UNITS, 2)];
        const sampleWeight = uniform(dtype, rows, 1, 4).data.map(Math.abs);
        for (const options of [{}, { sampleWeight }]) {
          const expected = whole.gradients(X, y, { ...options, wrtInputs: true });
          const head = behind.gradients(before.forward(X), y, { ...options, wrtInputs: true });
          const outputGradient = head.inputs as Matrix;
          const got = before.backward(X, outputGradient, { wrtInputs: true });
          expect(head.loss).toBe(expected.loss);
          expect(flatten(got)).toEqual(flatten(expected));
          expectSameBits((got.inputs as Matrix).data, (expected.inputs as Matrix).data);
        }
      }
      dispose();
    });

    test('a mean over a power of two rows has the same bits too, for nothing is rounded', () => {
      const { whole, before, behind, dispose } = cut(api, { loss: 'mse', dtype }, 'tanh');
      const [X, y] = [uniform(dtype, 512, 2, 1), uniform(dtype, 512, UNITS, 2)];
      const head = behind.gradients(before.forward(X), y, { wrtInputs: true });
      expect(flatten(before.backward(X, head.inputs as Matrix))).toEqual(flatten(whole.gradients(X, y)));
      dispose();
    });

    const build = (options: Partial<Options> = {}): Net =>
      api.network({ inputs: 2, layers: [{ units: 4, activation: 'silu' }, 3], dtype, seed: 2, ...options });

    test('into memory of the engine: the same bits, of parameters and inputs, from resident rows', () => {
      const net = build();
      const [X, G] = [uniform(dtype, 300, 2, 1), uniform(dtype, 300, 3, 2)];
      const out = net.zeroGradients({ rows: 300 });
      const [residentX, residentG] = [api.matrix(X), api.matrix(G)];
      expect(net.backward(residentX, residentG, out)).toBe(out);
      const { inputs, ...expected } = net.backward(X, G, { wrtInputs: true });
      expect([...out.parameters]).toEqual(flatten(expected));
      expectSameBits(out.inputs?.data as Float64Array, inputs?.data as Float64Array);
      expect(out.loss).toBe(expected.loss);
      for (const each of [out, residentX, residentG]) each.dispose();
      net.dispose();
    });

    test('the loss is that whose gradients they are: the sum of outputGradient * output', () => {
      const net = build();
      const [X, G] = [uniform(dtype, 20, 2, 1), uniform(dtype, 20, 3, 2)];
      const o = net.forward(X).data;
      const sum = Array.from(G.data, (g, i) => g * o[i]).reduce((total, each) => total + each, 0);
      expect(net.backward(X, G).loss).toBeCloseTo(sum, dtype === 'f64' ? 12 : 4);
      net.dispose();
    });
  });

  const net = () => api.network({ inputs: 2, layers: [3, 2], seed: 1 });
  const X = [[1, 2]];

  test.each<[string, (net: Net) => unknown]>([
    ['"outputGradient" is 1x3, but must have 2 columns', (n) => n.backward(X, [[1, 2, 3]])],
    [
      '"X" has 1 rows and "outputGradient" has 2',
      (n) =>
        n.backward(X, [
          [1, 2],
          [3, 4],
        ]),
    ],
    ['"outputGradient" must be a Matrix', (n) => n.backward(X, undefined as never)],
    ['"out" has 2 rows and "X" has 1', (n) => n.backward(X, [[1, 2]], n.zeroGradients({ rows: 2 }))],
    ["must come from this network's zeroGradients()", (n) => n.backward(X, [[1, 2]], net().zeroGradients())],
    ['unknown option "wrtInput"; did you mean wrtInputs?', (n) => n.backward(X, [[1, 2]], { wrtInput: true } as never)],
    [
      '"out" shares memory with "outputGradient"',
      (n) => {
        const out = n.zeroGradients();
        return n.backward(X, { rows: 1, cols: 2, data: out.parameters.subarray(0, 2) }, out);
      },
    ],
  ])('refuses: %s', (message, call) => {
    const each = net();
    expect(() => call(each)).toThrow(message);
    each.dispose();
  });

  test('parameters that were changed are those that it goes by; after dispose() it throws', () => {
    const each = net();
    const twin = net();
    each.backward(X, [[1, 2]]);
    each.parameters = each.parameters.map((p) => 2 * p);
    twin.parameters = each.parameters;
    expect(flatten(each.backward(X, [[1, -2]]))).toEqual(flatten(twin.backward(X, [[1, -2]])));
    twin.dispose();
    each.dispose();
    expect(() => each.backward(X, [[1, 2]])).toThrow(api.DisposedError);
    expect(() => each.jacobian(X)).toThrow(api.DisposedError);
  });

  test('what it makes once is given back with the network', () => {
    const { memoryBytes } = api.info();
    for (let i = 0; i < 2000; i++) {
      const each = api.network({ inputs: 2, layers: [50, 2] });
      each.backward(X, [[1, 2]]);
      each.dispose();
    }
    expect(api.info().memoryBytes - memoryBytes).toBeLessThan(4 << 20);
  });

  test('NaN goes through, or is refused where the network refuses it', () => {
    const free = net();
    expect(free.backward(X, [[Number.NaN, 0]]).weights[0].data.every(Number.isNaN)).toBe(true);
    free.dispose();
    const strict = api.network({ inputs: 2, layers: [3, 2], onNonFinite: 'throw' });
    expect(() => strict.backward(X, [[Number.NaN, 0]])).toThrow('"outputGradient" holds NaN in row 0, column 0');
    strict.dispose();
  });
});
