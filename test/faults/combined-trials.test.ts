// What parts of training do to one another: optimizers that change, averages of statistics, rows that only judge.

import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/checks/errors.js';
import '../../src/layers/index.js';
import { fromBytes, MLPClassifier, NetworkEstimator, toBytes } from '../../src/model/index.js';
import { clipNorm, optimizer } from '../../src/train/index.js';
import { scheduleOf } from '../../src/train/schedule.js';
import { entries } from '../support/backends.js';

describe.each(entries)('%s', (_, { engine }) => {
  const X = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i * 1.3), Math.sin(i * 0.7)]);
  const y = X.map(([a, b]) => (a > b ? 1 : 0));
  const common = { hiddenLayerSizes: [3], randomState: 1, background: false, engine } as const;

  test.each([{ name: 'rmsprop', centered: true }, { name: 'sgd', momentum: 0 }, { name: 'adadelta' }])(
    'another solver makes nothing of what the one before kept: %j',
    async (solver) => {
      const model = new MLPClassifier({ ...common, learningRateInit: 0.01 });
      for (let i = 0; i < 3; i++) await model.partialFit(X, y, { classes: [0, 1] });
      const fresh = fromBytes(toBytes(model, { optimizer: false }), { engine }) as MLPClassifier;
      for (const each of [model, fresh]) {
        each.setParams({ solver } as never);
        for (let i = 0; i < 3; i++) await each.partialFit(X, y);
      }
      expect(model.network.parameters).toEqual(fresh.network.parameters);
      expect(model.loss).toBeLessThan(2);
    },
  );

  test.each([
    { name: 'adam', amsgrad: true },
    { name: 'rmsprop', centered: true, momentum: 0.5 },
  ])('a file holds all vectors that an optimizer keeps: %j', async (solver) => {
    const model = await new MLPClassifier({ ...common, solver, maxIter: 3 } as never).fit(X, y);
    const loaded = fromBytes(toBytes(model), { engine }) as MLPClassifier;
    for (const each of [model, loaded] as MLPClassifier[]) await each.partialFit(X, y);
    expect(loaded.network.parameters).toEqual(model.network.parameters);
  });

  test('rows to be judged by change no plateau', async () => {
    const parameters = {
      solver: 'sgd',
      learningRate: { name: 'plateau', patience: 2 },
      maxIter: 40,
      tol: 0,
      nIterNoChange: 50,
    };
    const validationData = { X: X.slice(0, 20), y: y.slice(0, 20).map((each) => 1 - each) };
    const fit = async (options: object) =>
      (await new MLPClassifier({ ...common, ...parameters } as never).fit(X, y, options)).network.parameters.slice();
    expect(await fit({ validationData })).toEqual(await fit({}));
  });

  test('averages begin with the running moments after a step, not before it', async () => {
    const net = engine.network({ inputs: 1, layers: [{ kind: 'batchNorm' }, 1], seed: 1 });
    const averaging = { name: 'ema', decay: 0.9, gives: 'last' } as const;
    const { averaged } = await net.fit([[1], [2], [3], [6]], [1, 2, 3, 4], {
      epochs: 1,
      batchSize: 4,
      shuffle: false,
      background: false,
      averaging,
    });
    expect(Array.from(averaged as ArrayLike<number>)).toEqual(Array.from(net.parameters));
    expect(net.parameters[2]).toBeCloseTo(0.3, 12);
  });

  test('loops of one’s own do not step or clip running moments', () => {
    const net = engine.network({ inputs: 1, layers: [{ kind: 'batchNorm' }, 1], seed: 1 });
    const out = net.gradientsInto([[100], [300]], [1, 2], net.zeroGradients(), { rowsSeen: 0 });
    const distances = [-200, 1 - 20_000];
    expect([...out.parameters.slice(2, 4)]).toEqual(distances);
    expect(clipNorm(net, out, 1e9)).toBeLessThan(100);
    expect([...out.parameters.slice(2, 4)]).toEqual(distances);
    optimizer('adam', net, { learningRate: 1e-9 }).step(out);
    expect(net.parameters[2]).toBeCloseTo(20, 12);
  });

  test('a network without parameters hands errors back', () => {
    const net = engine.network({ inputs: 4, layers: [{ kind: 'dropout' }], loss: 'squaredError', reduction: 'sum' });
    const { inputs } = net.gradients([[1, 2, 3, 4]], [[0, 0, 0, 0]], { wrtInputs: true });
    expect(inputs.toArray()).toEqual([[1, 2, 3, 4]]);
    expect(net.backward([[1, 2, 3, 4]], [[5, 6, 7, 8]], { wrtInputs: true }).inputs.toArray()).toEqual([[5, 6, 7, 8]]);
  });

  test('targets of hinge losses are signs', async () => {
    const net = engine.network({ inputs: 1, layers: [1], loss: 'hinge' });
    await expect(net.fit([[1], [2]], [0, 1], { epochs: 1 })).rejects.toThrow('targets of hinge must be -1 or 1');
    await net.fit([[1], [2]], [-1, 1], { epochs: 1, background: false });
  });

  test('options of a network as an estimator are copies; it is saved by its network', () => {
    const net = engine.network({ inputs: 1, layers: [1] });
    const model = new NetworkEstimator(net, { optimizer: { name: 'sgd', learningRate: 0.5 } });
    (model.getParams().optimizer as { learningRate: number }).learningRate = 4;
    expect(model.getParams().optimizer).toEqual({ name: 'sgd', learningRate: 0.5 });
    expect(() => toBytes(model as never)).toThrow(ValueError);
    expect(() => toBytes(model as never)).toThrow('save its network, model.network');
  });
});

test('a cosine ends at its minimum, and a step of rate 0 is one', () => {
  expect(scheduleOf('cosine', { learningRate: 0.1, epochs: 10 })(10)).toBe(0);
  const [[, { engine }]] = entries;
  const net = engine.network({ inputs: 1, layers: [1], seed: 1 });
  const sgd = optimizer('sgd', net);
  const before = net.parameters.slice();
  sgd.learningRate = 0;
  sgd.step(net.gradients([[1]], [5]));
  expect(net.parameters).toEqual(before);
});
