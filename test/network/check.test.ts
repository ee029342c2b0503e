// checkGradients itself: it finds what is wrong, wherever that is, and leaves no trace.

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { entries, expectSameBits } from '../support/backends.js';
import type { Net } from '../support/networks.js';

const X = [
  [0.5, -1, 0.25],
  [1.5, 0.75, -0.5],
];
const y = [
  [1, 0],
  [-0.5, 0.25],
];

type Gradients = ReturnType<Net['gradients']>;

describe.each(entries)('%s', (_, api) => {
  function build(options: Partial<Parameters<typeof api.network>[0]> = {}): Net {
    const net = api.network({ inputs: 3, layers: [{ units: 4, activation: 'tanh' }, 2], seed: 3, ...options });
    onTestFinished(() => net.dispose());
    return net;
  }

  /** Lets the network's gradients go wrong. */
  function spoil(net: Net, change: (gradients: Gradients) => void): void {
    const right = net.gradients.bind(net);
    vi.spyOn(net, 'gradients').mockImplementation((...given) => {
      const gradients = right(...given);
      change(gradients);
      return gradients;
    });
  }

  test('right gradients pass: both errors are small, and where the greatest is agrees with them', () => {
    const { absolute, relative, at } = build().checkGradients(X, y);
    expect(relative).toBeLessThan(1e-9);
    expect(absolute).toBeLessThan(1e-9);
    const { gradient, difference } = at;
    const scale = Math.max(1, Math.abs(gradient), Math.abs(difference));
    expect(Math.abs(gradient - difference) / scale).toBe(relative);
  });

  test.each([
    ['weights', 0, 2, 3, (g: Gradients) => g.weights[0]],
    ['weights', 1, 3, 1, (g: Gradients) => g.weights[1]],
    ['biases', 0, 0, 2, (g: Gradients) => g.biases[0]],
    ['biases', 1, 0, 0, (g: Gradients) => g.biases[1]],
    ['inputs', -1, 1, 0, (g: Gradients) => g.inputs],
  ] as const)('one wrong gradient is found: %s of layer %i, [%i, %i]', (what, layer, row, col, part) => {
    const net = build();
    let wrong = Number.NaN;
    spoil(net, (gradients) => {
      const matrix = part(gradients);
      wrong = (matrix?.get(row, col) ?? 0) + 1e-4;
      matrix?.set(row, col, wrong);
    });
    const { absolute, relative, at } = net.checkGradients(X, y);
    expect(at).toMatchObject({ what, layer, row, col, gradient: wrong });
    expect(at.difference).toBeCloseTo(wrong - 1e-4, 8);
    expect(absolute).toBeCloseTo(1e-4, 8);
    expect(relative).toBeLessThanOrEqual(absolute);
    expect(relative).toBeGreaterThan(2e-5);
  });

  test('the gradients of another loss are found', () => {
    const net = build({ loss: 'mse' });
    const other = build({ loss: 'squaredError' });
    vi.spyOn(net, 'gradients').mockImplementation((...given) => other.gradients(...given));
    // With 2 outputs they are the same: (1/2) sum r^2 both.
    expect(net.checkGradients(X, y).relative).toBeLessThan(1e-9);
    const summed = build({ loss: 'squaredError', reduction: 'sum' });
    vi.spyOn(net, 'gradients').mockImplementation((...given) => summed.gradients(...given));
    const { absolute, at } = net.checkGradients(X, y);
    expect(at.gradient).toBeCloseTo(2 * at.difference, 8);
    expect(absolute).toBeGreaterThan(1e-2);
  });

  test('a gradient that forgets the penalty, the sample weights, is found', () => {
    const net = build();
    const right = net.gradients.bind(net);
    for (const [options, kept] of [
      [{ l2: 0.1 }, {}],
      [{ l1: 0.1 }, {}],
      [{ l2: 0.1, penalty: 'scikitLearn' }, { l2: 0.1 }],
      [{ sampleWeight: [1, 2] }, {}],
    ] as const) {
      vi.spyOn(net, 'gradients').mockImplementation((a, b) => right(a, b, { ...kept, wrtInputs: true }));
      expect(net.checkGradients(X, y, options).relative).toBeGreaterThan(1e-3);
      vi.restoreAllMocks();
      expect(net.checkGradients(X, y, options).relative).toBeLessThan(1e-9);
    }
  });

  test.each([Number.NaN, Infinity, -Infinity])('a gradient of %d is not passed over, wherever it stands', (value) => {
    for (const index of [0, 5, 11]) {
      const net = build();
      spoil(net, ({ weights }) => (weights[0].data[index] = value));
      const { absolute, relative, at } = net.checkGradients(X, y);
      expect(Number.isFinite(absolute)).toBe(false);
      expect(relative).not.toBeLessThan(1);
      expect(at).toMatchObject({ what: 'weights', layer: 0, row: Math.floor(index / 4), col: index % 4 });
      expect(at.gradient).toBe(value);
    }
  });

  test('at a kink the two disagree: relu has slope 0 at 0, the difference sees one half', () => {
    const layers = [{ units: 1, activation: 'relu' as const, weights: [[1]], bias: false }];
    const net = api.network({ inputs: 1, layers, loss: 'squaredError' });
    onTestFinished(() => net.dispose());
    const { relative, at } = net.checkGradients([[0]], [-1]);
    expect(at).toMatchObject({ what: 'inputs', layer: -1, row: 0, col: 0, gradient: 0 });
    expect(at.difference).toBeCloseTo(0.5, 4);
    expect(relative).toBeCloseTo(0.5, 4);
  });

  test('a coarse step shows its own error; steps that are none are refused', () => {
    const net = build();
    expect(net.checkGradients(X, y, { epsilon: 0.1 }).relative).toBeGreaterThan(1e-4);
    for (const epsilon of [0, -1e-5, Infinity, Number.NaN]) {
      expect(() => net.checkGradients(X, y, { epsilon })).toThrow('"epsilon" must be a positive finite number');
    }
    expect(() => net.checkGradients(X, y, { eps: 1 } as object)).toThrow('checkGradients: unknown option "eps"');
  });

  test('a step that is text is refused', () => {
    expect(() => build().checkGradients(X, y, { epsilon: '1e-5' as unknown as number })).toThrow('"epsilon" must be');
  });

  test.each(['f64', 'f32'] as const)('it changes neither network nor inputs, and keeps no memory (%s)', (dtype) => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 3, layers: [{ units: 4, activation: 'gelu' }, 2], dtype });
    const rows = engine.matrix(X, { dtype });
    const before = net.parameters.slice();
    const first = net.checkGradients(rows, y);
    const { memoryBytes } = engine.info();
    for (let i = 0; i < 50; i++) expect(net.checkGradients(rows, y)).toEqual(first);
    expect(() => net.checkGradients(rows, [[1, 2]])).toThrow();
    expect(engine.info().memoryBytes).toBe(memoryBytes);
    expectSameBits(net.parameters.slice(), before);
    expect(rows.toArray()).toEqual(X);
  });
});
