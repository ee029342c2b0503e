// Dropout beside what test/layers/oracles.test.ts and each.test.ts say of it: how much is dropped, when, and what is refused.

import { describe, expect, test } from 'vitest';
import { apply, backends, dtypes, entries } from '../support/backends.js';
import { uniform } from '../support/networks.js';

describe.each(backends)('the kernel on %s', (_, backend) => {
  /** 1 where an element stays. */
  const mask = (rows: number, cols: number, rate: number, seed: number, first: number) =>
    Array.from(
      apply(backend, 'f64', 'dropout', { rows, cols }, [rate, seed, first], [new Float64Array(rows * cols).fill(1)])[0],
      Math.sign,
    );

  test.each([0.1, 0.5, 0.9])('drops %d of all, of each row and of each column', (rate) => {
    const [rows, cols] = [400, 300];
    const stays = mask(rows, cols, rate, 1, 0);
    const share = (n: number, at: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += stays[at(i)];
      return Math.abs(sum / n - (1 - rate)) / Math.sqrt((rate * (1 - rate)) / n);
    };
    // In standard deviations: 5 are passed once in two million, and there are 700 rows and columns.
    expect(share(rows * cols, (i) => i)).toBeLessThan(4);
    for (let i = 0; i < rows; i++) expect(share(cols, (j) => i * cols + j)).toBeLessThan(5);
    for (let j = 0; j < cols; j++) expect(share(rows, (i) => i * cols + j)).toBeLessThan(5);
  });

  test('neighbours, seeds and rows far apart say nothing of each other', () => {
    const [rows, cols] = [500, 64];
    const n = rows * cols;
    const base = mask(rows, cols, 0.5, 7, 0);
    const others = [
      mask(rows, cols, 0.5, 8, 0),
      mask(rows, cols, 0.5, 7, rows),
      mask(rows, cols, 0.5, 7, 2 ** 32),
      mask(rows, cols, 0.5, 7 + 2 ** 31, 0),
      [...base.slice(1), 1],
      [...base.slice(cols), ...base.slice(0, cols)],
      [...base.slice(cols + 1), ...base.slice(0, cols + 1)],
    ];
    for (const other of others) {
      const same = base.filter((x, i) => x === other[i]).length;
      expect(Math.abs(same / n - 0.5) / Math.sqrt(0.25 / n)).toBeLessThan(4.5);
    }
  });

  test('a row is the same wherever a call begins', () => {
    const all = mask(40, 13, 0.4, 3, 2 ** 32 - 20);
    for (const at of [1, 7, 20, 39]) {
      expect(mask(1, 13, 0.4, 3, 2 ** 32 - 20 + at)).toEqual(all.slice(13 * at, 13 * (at + 1)));
    }
  });
});

describe.each(entries)('on %s', (_, { engine }) => {
  test.each(dtypes)('nothing is dropped where nothing is trained, in %s', (dtype) => {
    const net = engine.network({ inputs: 4, layers: [{ kind: 'dropout', rate: 0.9 }], dtype });
    const X = uniform(dtype, 300, 4, 1);
    expect(net.forward(X).data).toEqual(X.data);
    expect(net.gradients(X, X).loss).toBe(0);
    expect(net.gradients(X, X, { rowsSeen: 0 }).loss).toBeGreaterThan(1);
    // What an earlier call was told is forgotten.
    expect(net.loss(X, X)).toBe(0);
    expect(net.forward(X).data).toEqual(X.data);
    expect([net.weights, net.biases]).toEqual([[undefined], [undefined]]);
    expect(net.parameters.length).toBe(0);
  });

  test('NaN and infinities that are dropped leave nothing', () => {
    const net = engine.network({
      inputs: 50,
      layers: [
        { kind: 'dropout', rate: 0.5 },
        { units: 1, initializer: 'zeros' },
      ],
    });
    const y = [[0]];
    const losses = Array.from({ length: 50 }, (_, j) => {
      const X = [Array.from({ length: 50 }, (_, i) => (i === j ? Number.NaN : 1))];
      return net.loss(X, y, { rowsSeen: 1 });
    });
    expect(losses.filter(Number.isNaN).length).toBeGreaterThan(10);
    expect(losses.filter((loss) => loss === 0).length).toBeGreaterThan(10);
  });

  test('layers of one network drop differently', () => {
    const net = engine.network({
      inputs: 40,
      layers: [{ kind: 'dropout' }, { kind: 'dropout' }],
      reduction: 'sum',
      loss: 'squaredError',
    });
    const ones = [new Array(40).fill(1)];
    const zeros = [new Array(40).fill(0)];
    // Were they the same, 20 of 40 would stay, each as 4: the loss would be about 160, not 80.
    let sum = 0;
    for (let i = 0; i < 200; i++) sum += net.loss(ones, zeros, { rowsSeen: i });
    expect(sum / 200).toBeGreaterThan(72);
    expect(sum / 200).toBeLessThan(88);
  });

  test('what is wrong is named', () => {
    const make = (layer: object) => () => engine.network({ inputs: 2, layers: [layer as never, 1] });
    expect(make({ kind: 'dropout', rate: 1 })).toThrow('"layers[0].rate" must be a number from 0 to below 1, got 1');
    expect(make({ kind: 'dropout', rate: Number.NaN })).toThrow('"layers[0].rate"');
    expect(make({ kind: 'dropout', seed: -1 })).toThrow('"layers[0].seed" must be an integer from 0 to 4294967295');
    expect(make({ kind: 'dropout', p: 0.5 })).toThrow('unknown option "p"; known options: rate, seed, kind');
    expect(make({ kind: 'dropuot' })).toThrow('"layers[0].kind" must be one of dense, ');
    expect(make({ kind: '__proto__' })).toThrow('"layers[0].kind" must be one of dense, ');
    const net = engine.network({ inputs: 2, layers: [{ kind: 'dropout' }, 1] });
    expect(() => net.loss([[1, 2]], [1], { rowsSeen: 1.5 })).toThrow(
      '"rowsSeen" must be a non-negative integer, got 1.5',
    );
    expect(() => net.partialGradients([[1, 2]], [1], { rowsSeen: -1 })).toThrow('"rowsSeen"');
  });

  test('an optimizer that needs one loss refuses it', async () => {
    const net = engine.network({ inputs: 2, layers: [1, { kind: 'dropout' }] });
    await expect(net.fit([[1, 2]], [1], { optimizer: 'lbfgs' })).rejects.toThrow(
      '"optimizer" lbfgs needs one and the same loss at every look: it does not go with layers[1], dropout',
    );
  });
});
