// Results that are not finite: refused with the culprit's name, or handed on.

import { describe, expect, onTestFinished, test } from 'vitest';
import { Matrix, NonFiniteError } from '../../src/common.js';
import { dtypes, entries } from '../support/backends.js';
import type { Net, Options } from '../support/networks.js';

const X = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const y = [1, 2, 3];
const HUGE = { f64: 1e308, f32: 3e38 };

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    function build(options: Partial<Options> = {}): Net {
      const layers = [{ units: 3, activation: 'tanh' as const }, 1];
      const net = api.network({ inputs: 2, layers, dtype, onNonFinite: 'throw', ...options });
      onTestFinished(() => net.dispose());
      return net;
    }

    /** All that looks for them. */
    const calls = (net: Net, x: Matrix | number[][], t: number[] | Matrix): [string, () => unknown][] => [
      ['the loss', () => net.loss(x, t)],
      ['the loss or a gradient', () => net.gradients(x, t)],
      ['the loss or a gradient', () => net.gradientsInto(x, t, net.zeroGradients())],
      ['the loss or a gradient', () => net.gradientsFrom(net.partialGradients(x, t))],
    ];
    const forwards = (net: Net, x: Matrix | number[][]): [string, () => unknown][] => [
      ['an output', () => net.forward(x)],
      ['an output', () => net.forwardInto(x, Matrix.zeros(3, 1, { dtype }))],
    ];

    function expectRefused(all: [string, () => unknown][], message: string): void {
      for (const [what, call] of all) {
        expect(call).toThrow(NonFiniteError);
        expect(call).toThrow(`${what} is not finite: ${message}`);
      }
    }

    test.each([NaN, Infinity, -Infinity])('%d in X is named by row and column', (bad) => {
      const net = build({ layers: [1] });
      const x = [X[0], [3, bad], X[2]];
      const message = `"X" holds ${bad} in row 1, column 1`;
      for (const form of [x, Matrix.from(x), api.matrix(x), api.matrix(x, { dtype })]) {
        expectRefused(forwards(net, form), message);
        expectRefused(calls(net, form, y).slice(0, 3), message);
      }
    });

    test.each([NaN, Infinity])('%d in y is named by row and column', (bad) => {
      const net = build();
      expectRefused(calls(net, X, [1, 2, bad]).slice(0, 3), `"y" holds ${bad} in row 2, column 0`);
      expect(net.forward(X).rows).toBe(3);
    });

    test('parameters come first, the weights of all layers before biases', () => {
      const net = build();
      const x = [[NaN, 1]];
      net.biases[0]?.set(0, 1, NaN);
      expectRefused(forwards(net, x).slice(0, 1), 'biases of layer 0 hold NaN at [0, 1]');
      net.weights[1].set(2, 0, -Infinity);
      expectRefused(forwards(net, x).slice(0, 1), 'weights of layer 1 hold -Infinity at [2, 0]');
      net.weights[0].set(1, 2, NaN);
      expectRefused(forwards(net, X), 'weights of layer 0 hold NaN at [1, 2]');
      expectRefused(calls(net, X, y), 'weights of layer 0 hold NaN at [1, 2]');
    });

    test('numbers that grow too large are said to be it', () => {
      const net = build({ layers: [{ units: 1, weights: [[HUGE[dtype]], [HUGE[dtype]]] }] });
      const message = 'what it came from is: numbers grew too large';
      expectRefused(forwards(net, X), message);
      expectRefused(calls(net, X, y), message);
      // Outputs are finite here, their squares are not.
      expect(net.forward([[1, 0]]).rows).toBe(1);
      expectRefused(calls(net, [[1, 0]], [0]), message);
    });

    test('the loss and all gradients are looked at, of every layer', () => {
      const tiny = build({ layers: [{ units: 1, weights: [[0], [0]], bias: false }], loss: 'mae' });
      // The loss is finite, so are the gradients; then the first gradient is not.
      expect(tiny.gradients([[1, 1]], [1]).weights[0].data.every(Number.isFinite)).toBe(true);
      const square = build({ layers: [{ units: 1, weights: [[0], [0]], bias: false }], loss: 'squaredError' });
      const root = Math.sqrt(HUGE[dtype]) * 0.9;
      expect(Number.isFinite(square.loss([[root * 4, 1]], [root]))).toBe(true);
      expect(() => square.gradients([[root * 4, 1]], [root])).toThrow('the loss or a gradient is not finite');
      const { l2 } = { l2: HUGE[dtype] };
      square.weights[0].set(1, 0, 4);
      expect(() => square.loss(X, y, { l2 })).toThrow('the loss is not finite');
      expect(Number.isFinite(square.loss(X, y))).toBe(true);
    });

    test('what an earlier call was given is not blamed', () => {
      const net = build({ layers: [{ units: 1, weights: [[HUGE[dtype]], [0]], bias: false }] });
      expect(() => net.loss([[0, 0]], [NaN])).toThrow('"y" holds NaN in row 0, column 0');
      expect(() => net.forward([[10, 0]])).toThrow('what it came from is: numbers grew too large');
      const partial = net.partialGradients([[0, 0]], [NaN]);
      expect(() => net.gradientsFrom(partial)).toThrow(NonFiniteError);
      expect(() => net.gradientsFrom(partial)).not.toThrow('"');
    });

    test('afterwards the network is as it was; out holds what was computed', () => {
      const net = build();
      const before = [net.gradients(X, y), net.parameters.slice()];
      const out = net.zeroGradients();
      expect(() => net.gradientsInto(X, [1, NaN, 3], out)).toThrow(NonFiniteError);
      expect(out.loss).toBeNaN();
      expect([net.gradients(X, y), net.parameters.slice()]).toEqual(before);
      expect(net.gradientsInto(X, y, out).loss).toBe(net.loss(X, y));
    });

    test("'propagate', the default, hands them on", () => {
      const net = build({ onNonFinite: undefined, layers: [1] });
      expect(net.toJSON().options.onNonFinite).toBe('propagate');
      const x = [
        [1, NaN],
        [1, 2],
      ];
      const [first, second] = net.forward(x).data;
      expect(first).toBeNaN();
      expect(second).toBe(net.forward([[1, 2]]).get(0, 0));
      expect(net.loss(x, [1, 2])).toBeNaN();
      const { loss, weights, biases } = net.gradients(x, [1, 2]);
      expect([loss, ...weights[0].data, ...(biases[0]?.data ?? [])]).toEqual([NaN, NaN, NaN, NaN]);
      expect(net.loss([[0, 0]], [Infinity])).toBe(Infinity);
    });

    test('pieces, rows and Jacobians always do', () => {
      const net = build();
      const x = [[NaN, 1]];
      expect(net.partialGradients(x, [1]).sums.at(-1)).toBeNaN();
      expect(net.perSampleGradients(x, [1]).get(0, 0)).toBeNaN();
      expect(net.gradientNorms(x, [1])[0]).toBeNaN();
      expect(net.jacobian(x).get(0, 0)).toBeNaN();
    });
  });
});
