// A function as a loss: the built-in ones written as functions have their bits, and what a function does to harm is refused.

import { describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import type { LossFunction } from '../../src/common.js';
import { toBytes } from '../../src/model/index.js';
import { train } from '../../src/train/index.js';
import { entries } from '../support/backends.js';
import { flatten, type Net, type Options, uniform } from '../support/networks.js';

/** mse of one output, in f64. */
const squared: LossFunction = (output, target) => {
  const r = output.data.map((o, i) => o - target.data[i]);
  return {
    loss: r.map((each) => each * each),
    gradient: { rows: output.rows, cols: 1, data: r.map((each) => 2 * each) },
  };
};

describe.each(entries)('%s', (_, api) => {
  const build = (options: Partial<Options> = {}): Net =>
    api.network({ inputs: 3, layers: [{ units: 5, activation: 'gelu' }, 1], loss: squared, seed: 2, ...options });
  const pair = (options: Partial<Options> = {}): [Net, Net] => [build(options), build({ ...options, loss: 'mse' })];
  const X = uniform('f64', 600, 3, 1);
  const y = uniform('f64', 600, 1, 2);
  const sampleWeight = y.data.map(Math.abs);

  test.each(['mean', 'sum'] as const)('%s: loss, gradients, partials and rows have the bits of mse', (reduction) => {
    const [net, twin] = pair({ reduction });
    for (const options of [{}, { sampleWeight }, { l2: 0.1 }]) {
      expect(net.loss(X, y, options)).toBe(twin.loss(X, y, options));
      const [own, built] = [net, twin].map((each) => each.gradients(X, y, { ...options, wrtInputs: true }));
      expect(flatten(own)).toEqual(flatten(built));
      expect(own.inputs?.data).toEqual(built.inputs?.data);
    }
    expect(net.partialGradients(X, y).sums).toEqual(twin.partialGradients(X, y).sums);
    expect(net.perSampleGradients(X, y).data).toEqual(twin.perSampleGradients(X, y).data);
    expect(net.gradientNorms(X, y)).toEqual(twin.gradientNorms(X, y));
    expect(net.jacobian(X).data).toEqual(twin.jacobian(X).data);
    const rows = { rows: 5, cols: 3, data: X.data.slice(0, 15) };
    expect(net.checkGradients(rows, y.data.slice(0, 5)).relative).toBeLessThan(1e-8);
    for (const each of [net, twin]) each.dispose();
  });

  test.each(['adam', 'lbfgs'] as const)('fit with %s: on the main thread, with the bits of mse', async (optimizer) => {
    const [net, twin] = pair();
    const options = { epochs: 3, optimizer, validationSplit: 0.2, metrics: ['mse' as const], sampleWeight };
    const history = await net.fit(X, y, options);
    const expected = await twin.fit(X, y, { ...options, background: false });
    expect(net.parameters).toEqual(twin.parameters);
    expect(history.loss).toEqual(expected.loss);
    expect(history.validationLoss).toEqual(expected.validationLoss);
    expect(history.ran).toMatchObject({ where: 'main', reason: 'a loss that is a function cannot go to a worker' });
    for (const each of [net, twin]) each.dispose();
  });

  test('fit of a large network, whose kernels wait for their turn otherwise', async () => {
    const layers: Options['layers'] = [{ units: 3000, activation: 'relu' }, { units: 200, activation: 'relu' }, 1];
    const [net, twin] = pair({ layers });
    const [few, targets] = [uniform('f64', 8, 3, 1), uniform('f64', 8, 1, 2)];
    await net.fit(few, targets, { epochs: 2, batchSize: 8 });
    await twin.fit(few, targets, { epochs: 2, batchSize: 8, background: false });
    expect(net.parameters).toEqual(twin.parameters);
    for (const each of [net, twin]) each.dispose();
  });

  test('f32: outputs and targets are of that dtype, what is returned is rounded to it', () => {
    let dtypes: string[] = [];
    const loss: LossFunction = (output, target) => {
      dtypes = [output.dtype, target.dtype];
      return { loss: [1 / 3], gradient: [[0.1, 0.2]] };
    };
    const net = api.network({ inputs: 1, layers: [2], loss, dtype: 'f32' });
    expect(net.loss([[1]], [[0, 0]])).toBe(Math.fround(1 / 3));
    expect(dtypes).toEqual(['f32', 'f32']);
    expect([...(net.gradients([[1]], [[0, 0]]).biases[0]?.data ?? [])]).toEqual([0.1, 0.2].map(Math.fround));
    net.dispose();
  });

  test('it may write to what it gets, make memory grow, and return what lies there', () => {
    const net = build({
      loss: (output, target) => {
        const result = squared(output, target);
        const room = api.zeros(2000, 100);
        output.data.fill(7);
        target.data.fill(7);
        room.dispose();
        return { loss: result.loss, gradient: api.matrix(result.gradient) };
      },
    });
    const twin = build({ loss: 'mse' });
    expect(flatten(net.gradients(X, y))).toEqual(flatten(twin.gradients(X, y)));
    for (const each of [net, twin]) each.dispose();
  });

  test('a clone has it, options name it, summary says custom; JSON, files, workers and checkpoints refuse it', async () => {
    const net = build();
    const copy = net.clone();
    expect(copy.loss(X, y)).toBe(net.loss(X, y));
    expect(net.options.loss).toBe(squared);
    expect(net.summary()).toContain('custom, mean, f64');
    expect(() => net.toJSON()).toThrow('"loss" must be a name, got a function');
    expect(() => JSON.stringify(net)).toThrow('"loss" must be a name, got a function');
    expect(() => toBytes(net)).toThrow('"loss" must be a name in a file, got a function');
    await expect(net.fit(X, y, { background: true })).rejects.toThrow('"background" cannot be true: a loss that is a');
    await expect(net.fit(X, y, { checkpoint: { path: 'x.ckpt' } })).rejects.toThrow(
      '"checkpoint" does not go with a loss',
    );
    expect(() => api.network({ inputs: 1, layers: [1], loss: 'custom' as never })).toThrow('"loss" must be one of');
    for (const each of [net, copy]) each.dispose();
  });

  test.each<[string, unknown]>([
    ['"loss" must return { loss, gradient }: a number for each row, and rows x outputs, got undefined', undefined],
    ['got a Promise', Promise.resolve()],
    ['got 1 as loss', { loss: 1, gradient: [[1], [2]] }],
    ['got undefined as gradient', { loss: [1, 2] }],
    ['"loss().loss" is (1), but must be 2x1', { loss: [1], gradient: [[1], [2]] }],
    [
      '"loss().gradient" is 2x2, but must be 2x1',
      {
        loss: [1, 2],
        gradient: [
          [1, 1],
          [2, 2],
        ],
      },
    ],
    ['"loss().gradient"[1][0] must be a number, got "a"', { loss: [1, 2], gradient: [[1], ['a']] }],
    ['got an object', Object.create({ loss: [1, 2], gradient: [[1], [2]] })],
  ])('a function that returns something else: %s', (message, returned) => {
    const net = build({ loss: (() => returned) as never });
    const rows = { rows: 2, cols: 3, data: X.data.slice(0, 6) };
    expect(() => net.gradients(rows, [1, 2])).toThrow(message);
    expect(() => net.loss(rows, [1, 2])).toThrow(message);
    net.dispose();
  });

  test('a function that throws: the network is as it was', async () => {
    let broken = true;
    const net = build({
      loss(output, target) {
        if (broken) throw new TypeError('mine');
        return squared(output, target);
      },
    });
    const twin = build({ loss: 'mse' });
    expect(() => net.gradients(X, y)).toThrow(new TypeError('mine'));
    await expect(net.fit(X, y)).rejects.toThrow(new TypeError('mine'));
    await expect(train(net, { X, y }, { optimizer: 'lbfgs' })).rejects.toThrow(new TypeError('mine'));
    broken = false;
    expect(flatten(net.gradients(X, y))).toEqual(flatten(twin.gradients(X, y)));
    for (const each of [net, twin]) each.dispose();
  });

  test.each<[string, (net: Net) => unknown]>([
    ['forward', (net) => net.forward(X)],
    ['loss', (net) => net.loss(X, y)],
    ['backward', (net) => net.backward(X, y)],
    ['jacobian', (net) => net.jacobian(X)],
    ['dispose', (net) => net.dispose()],
    ['parameters', (net) => net.parameters],
    ['weights', (net) => net.weights[0].data],
    ['partialGradients', (net) => net.partialGradients(X, y)],
  ])('%s of the network within its own loss is refused, and what comes after goes on', (_, call) => {
    let calls = true;
    const net: Net = build({
      loss(output, target) {
        if (calls) call(net);
        return squared(output, target);
      },
    });
    expect(() => net.gradients(X, y)).toThrow('a loss function cannot use the network that it is the loss of');
    calls = false;
    const twin = build({ loss: 'mse' });
    expect(net.loss(X, y)).toBe(twin.loss(X, y));
    for (const each of [net, twin]) each.dispose();
  });

  test('another network within a loss is free: its forward pass, its gradients', () => {
    const other = build({ loss: 'mse', seed: 9 });
    const net = build({
      loss(output, target) {
        other.gradients(X, y, { wrtInputs: true });
        return squared(output, target);
      },
    });
    const twin = build({ loss: 'mse' });
    expect(flatten(net.gradients(X, y))).toEqual(flatten(twin.gradients(X, y)));
    for (const each of [net, twin, other]) each.dispose();
  });
});
