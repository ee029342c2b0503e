// The training loop on both backends: what it computes, reports, refuses and leaves behind. Workers: worker.test.ts.

import { describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { optimizers } from '../../src/train/optimizers/optimizers.js';
import type { FitOptions } from '../../src/train/options.js';
import { train } from '../../src/train/train.js';
import { entries, expectSameBits } from '../support/backends.js';

const HERE = { background: false };

/** Two classes that a circle divides. */
function circle(rows: number) {
  const rng = random(3);
  const X = rng.randn(rows, 2);
  const y = Float64Array.from({ length: rows }, (_, i) => {
    return X.data[2 * i] ** 2 + X.data[2 * i + 1] ** 2 < 1.4 ? 1 : 0;
  });
  return { X, y };
}

const LAYERS = [
  { units: 8, activation: 'tanh' as const },
  { units: 1, activation: 'sigmoid' as const },
];
const OPTIONS = { inputs: 2, layers: LAYERS, loss: 'binaryCrossEntropy' as const, seed: 1 };

describe.each(entries)('%s', (_, { engine }) => {
  const network = () => engine.network(OPTIONS);
  const { X, y } = circle(300);

  test('without shuffling, a fit is gradients and steps over the batches in their order', async () => {
    const net = network();
    const twin = network();
    await net.fit(X, y, {
      ...HERE,
      epochs: 2,
      batchSize: 128,
      shuffle: false,
      optimizer: { name: 'sgd', learningRate: 0.5 },
    });
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let from = 0; from < 300; from += 128) {
        const rows = Math.min(128, 300 - from);
        const batch = { rows, cols: 2, data: X.data.slice(2 * from, 2 * (from + rows)) };
        const { weights, biases } = twin.gradients(batch, y.slice(from, from + rows));
        weights.forEach((w, i) => engine.axpy(-0.5, w, twin.weights[i]));
        biases.forEach((b, i) => b && twin.biases[i] && engine.axpy(-0.5, b, twin.biases[i]));
      }
    }
    expectSameBits(net.parameters, twin.parameters);
  });

  test('shuffling draws an order for each epoch from the seed, by NumPy', async () => {
    const net = network();
    const twin = network();
    const seeded = { ...HERE, epochs: 2, batchSize: 300, seed: 9, optimizer: { name: 'sgd' as const } };
    await net.fit(X, y, seeded);
    const rng = random(9);
    const order = Int32Array.from({ length: 300 }, (_, i) => i);
    for (let epoch = 0; epoch < 2; epoch++) {
      rng.shuffle(order);
      const rows = Array.from(order, (i) => [X.data[2 * i], X.data[2 * i + 1]]);
      const options = { ...HERE, epochs: 1, batchSize: 300, shuffle: false, optimizer: { name: 'sgd' as const } };
      await twin.fit(
        rows,
        Array.from(order, (i) => y[i]),
        options,
      );
    }
    expectSameBits(net.parameters, twin.parameters);
    const other = network();
    await other.fit(X, y, { ...seeded, batchSize: 100, seed: 10 });
    const third = network();
    await third.fit(X, y, { ...seeded, batchSize: 100, seed: 11 });
    expect(other.parameters).not.toEqual(third.parameters);
  });

  test('history: every curve, and the loss is the mean over the batches', async () => {
    const net = network();
    const reports: unknown[] = [];
    const batches: number[] = [];
    const history = await net.fit(X, y, {
      ...HERE,
      epochs: 3,
      batchSize: 120,
      metrics: ['accuracy', 'mse'],
      validationSplit: 0.2,
      l2: 0.01,
      onEpoch: (report) => void reports.push(report),
      onBatch: ({ batch, batches: count, loss }) => {
        expect(count).toBe(2);
        batches.push(loss * (batch === 1 ? 120 : 120));
      },
    });
    expect(history.epochs).toBe(3);
    expect(history.stopReason).toBe('epochs');
    expect(reports).toHaveLength(3);
    expect(Object.keys(history.metrics).sort()).toEqual(['accuracy', 'mse', 'validationAccuracy', 'validationMse']);
    for (const curve of [
      history.loss,
      history.validationLoss,
      history.learningRate,
      ...Object.values(history.metrics),
    ]) {
      expect(curve).toHaveLength(3);
      expect(curve.every(Number.isFinite)).toBe(true);
    }
    history.loss.forEach((loss, i) => expect(loss).toBeCloseTo((batches[2 * i] + batches[2 * i + 1]) / 240, 14));
  });

  test('metrics and validation loss are those of the network after the epoch', async () => {
    const net = network();
    const held = circle(80);
    const history = await net.fit(X, y, { ...HERE, epochs: 4, metrics: ['accuracy', 'mae'], validationData: held });
    const outputs = Array.from(net.forward(held.X).data);
    const right = outputs.filter((o, i) => o > 0.5 === held.y[i] > 0.5).length;
    expect(history.metrics.validationAccuracy.at(-1)).toBe(right / 80);
    const mae = outputs.reduce((sum, o, i) => sum + Math.abs(o - held.y[i]), 0) / 80;
    expect(history.metrics.validationMae.at(-1)).toBeCloseTo(mae, 12);
    expect(history.validationLoss.at(-1)).toBe(net.loss(held.X, held.y));
    const all = net.forward(X).data.filter((o, i) => o > 0.5 === y[i] > 0.5).length;
    expect(history.metrics.accuracy.at(-1)).toBe(all / 300);
  });

  test('early stopping stops after `patience` epochs without gain and puts the best back', async () => {
    const net = network();
    const held = circle(60);
    const seen: Float64Array[] = [];
    const history = await net.fit(X, y, {
      ...HERE,
      epochs: 400,
      optimizer: { name: 'adam', learningRate: 0.3 },
      validationData: held,
      earlyStopping: { patience: 4, minDelta: 0 },
      onEpoch: () => void seen.push(net.parameters.slice() as Float64Array),
    });
    expect(history.stopReason).toBe('earlyStopping');
    const losses = history.validationLoss;
    const best = losses.indexOf(Math.min(...losses));
    expect(history.bestEpoch).toBe(best + 1);
    expect(history.best).toBe(losses[best]);
    expect(history.epochs).toBe(best + 1 + 4);
    expectSameBits(net.parameters, seen[best]);
    expect(net.loss(held.X, held.y)).toBe(losses[best]);
  });

  test('weights: of zero equal rows left out, of integers rows repeated; balanced classes', async () => {
    const options: FitOptions = { ...HERE, epochs: 3, shuffle: false, optimizer: { name: 'sgd', learningRate: 0.1 } };
    const weights = Array.from({ length: 12 }, (_, i) => i % 3);
    const rows = Array.from({ length: 12 }, (_, i) => [X.data[2 * i], X.data[2 * i + 1]]);
    const labels = Array.from(y.slice(0, 12));
    const weighted = network();
    await weighted.fit(rows, labels, { ...options, sampleWeight: weights });
    const repeated = network();
    const indices = weights.flatMap((weight, i) => new Array(weight).fill(i));
    await repeated.fit(
      indices.map((i) => rows[i]),
      indices.map((i) => labels[i]),
      options,
    );
    weighted.parameters.forEach((p, i) => expect(p).toBeCloseTo(repeated.parameters[i], 13));
    const ones = labels.filter((label) => label === 1).length;
    const balanced = network();
    await balanced.fit(rows, labels, { ...options, classWeight: 'balanced' });
    const given = network();
    await given.fit(rows, labels, { ...options, classWeight: [12 / (2 * (12 - ones)), 12 / (2 * ones)] });
    expectSameBits(balanced.parameters, given.parameters);
  });

  test('a batch without weight changes nothing', async () => {
    const net = network();
    const before = net.parameters.slice();
    const sampleWeight = Array.from({ length: 300 }, (_, i) => (i < 299 ? 0 : 1));
    await net.fit(X, y, { ...HERE, epochs: 1, batchSize: 1, shuffle: false, sampleWeight });
    const twin = network();
    await twin.fit([[X.data[598], X.data[599]]], [y[299]], { ...HERE, epochs: 1 });
    expect(net.parameters).not.toEqual(before);
    expectSameBits(net.parameters, twin.parameters);
  });

  test('labels, one-hot rows and integer arrays are the same targets', async () => {
    const labels = Array.from({ length: 30 }, (_, i) => i % 3);
    const rows = Array.from(labels, (label, i) => [label + i / 50, 1 - label]);
    const make = () =>
      engine.network({ inputs: 2, layers: [{ units: 3, activation: 'softmax' }], loss: 'crossEntropy' });
    const fits = [labels, Int32Array.from(labels), labels.map((l) => [0, 1, 2].map((k) => Number(k === l)))].map(
      async (targets) => {
        const net = make();
        await net.fit(rows, targets as number[], { ...HERE, epochs: 5 });
        return net.parameters;
      },
    );
    const [a, b, c] = await Promise.all(fits);
    expectSameBits(a, b);
    expectSameBits(a, c);
  });

  test('resident data are used where they lie, and fitting keeps no linear memory', async () => {
    const net = network();
    const resident = engine.matrix(X);
    const options = { ...HERE, epochs: 2, batchSize: 64, validationSplit: 0.1 };
    const twin = network();
    await twin.fit(X, y, options);
    await net.fit(resident, y, options);
    expectSameBits(net.parameters, twin.parameters);
    const { memoryBytes } = engine.info();
    for (let i = 0; i < 30; i++) await net.fit(resident, y, options);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
    resident.dispose();
  });

  test('iterating: a report for each epoch, the history at the end; break stops', async () => {
    const net = network();
    const epochs: number[] = [];
    for await (const { epoch } of net.train(X, y, { ...HERE, epochs: 4 })) epochs.push(epoch);
    expect(epochs).toEqual([1, 2, 3, 4]);
    const twin = network();
    let parameters = twin.parameters.slice();
    for await (const { epoch } of train(twin, { X, y }, { ...HERE, epochs: 100 })) {
      parameters = twin.parameters.slice();
      if (epoch === 4) break;
    }
    expectSameBits(twin.parameters, parameters);
    expectSameBits(twin.parameters, net.parameters);
    const third = network();
    const training = train(third, { X, y }, { ...HERE, epochs: 4 });
    expect((await training).epochs).toBe(4);
    expectSameBits(third.parameters, net.parameters);
  });

  test('a training begins when it is awaited; its promise has catch and finally', async () => {
    const net = network();
    const before = net.parameters.slice();
    train(net, { X, y }, { ...HERE, epochs: 2 });
    net.train(X, y, { ...HERE, epochs: 2 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expectSameBits(net.parameters, before);
    expect((await net.train(X, y, { ...HERE, epochs: 2 })).epochs).toBe(2);
    let settled = 0;
    await train(net, { X, y }, { ...HERE, epochs: 1 }).finally(() => {
      settled++;
    });
    const reason = await train(net, { X, y: [1] }, HERE).catch((error: unknown) => (error as Error).name);
    expect([settled, reason]).toEqual([1, 'ShapeError']);
  });

  test('a network is trained once at a time', async () => {
    const net = network();
    const first = net.fit(X, y, { ...HERE, epochs: 3 });
    await expect(net.fit(X, y, HERE)).rejects.toThrow('this network is being trained: await that, or abort it, first');
    expect((await first).epochs).toBe(3);
    await net.fit(X, y, { ...HERE, epochs: 1 });
  });

  test('a validation set whose loss is not finite stops training, by its row', async () => {
    const bad = { rows: 300, cols: 2, data: X.data.slice() };
    bad.data[2 * 123] = Number.NaN;
    const options = { ...HERE, epochs: 3, batchSize: 300, shuffle: false };
    const given = { ...options, validationData: { X: bad, y } };
    await expect(network().fit(X, y, given)).rejects.toThrow(
      'epoch 1: the validation loss is NaN; validationData: "X" holds NaN in row 123, column 0: remove or replace it',
    );
    const messages = new Set<string>();
    for (let seed = 0; seed < 10; seed++) {
      await network()
        .fit(bad, y, { ...options, seed, validationSplit: 0.3 })
        .catch(({ name, message }) => messages.add(`${name} ${message.replace(/^.*?; /, '')}`));
    }
    expect([...messages].map((text) => text.slice(0, 52)).sort()).toEqual([
      'NonFiniteError "X" holds NaN in row 123, column 0: r',
      'NonFiniteError "X" holds NaN in row 123, column 0: r',
    ]);
    const weighted = { ...options, validationSplit: 0.1, sampleWeight: y.map((_, i) => (i < 3 ? 1 : 0)) };
    await expect(network().fit(X, y, weighted)).rejects.toThrow('holds out only rows of weight 0');
  });

  test.each([
    ['a last step beyond the largest float', { name: 'lion', learningRate: 1e39 }, 0],
    ['an epsilon of 0 beside gradients of 0', { name: 'adam', epsilon: 0 }, 1],
  ] as const)('%s is an error, and the network has the parameters before', async (_name, optimizer, zeros) => {
    const net = engine.network({ inputs: 2, layers: [1], dtype: 'f32', seed: 1 });
    const before = net.parameters.slice();
    const rows = [
      [1, zeros ? 0 : 1],
      [2, zeros ? 0 : 1],
    ];
    const fitting = net.fit(rows, [1, 2], { ...HERE, epochs: 1, optimizer });
    await expect(fitting).rejects.toThrow('epoch 1: its last step, at learning rate ');
    expect(net.parameters).toEqual(before);
  });

  test('metrics of data in blocks are those of the validation set', async () => {
    const data = async function* () {
      yield { X, y };
    };
    const options: FitOptions = { ...HERE, epochs: 2, metrics: ['accuracy'] };
    const { metrics } = await train(network(), data, { ...options, validationData: { X, y } });
    expect(Object.keys(metrics)).toEqual(['validationAccuracy']);
    expect(metrics.validationAccuracy).toHaveLength(2);
    await expect(train(network(), data, options)).rejects.toThrow('measured on "validationData" alone');
    const watched = { ...options, validationData: { X, y }, earlyStopping: { monitor: 'accuracy' } };
    await expect(train(network(), data, watched)).rejects.toThrow(
      '"earlyStopping.monitor" must be one of loss, valida',
    );
  });

  test('a callback that returns false stops after its epoch', async () => {
    const history = await network().fit(X, y, {
      ...HERE,
      epochs: 50,
      callbacks: [{ onEpoch: ({ epoch }) => epoch < 3 }],
    });
    expect([history.epochs, history.stopReason]).toEqual([3, 'callback']);
  });

  test('abort: rejects with the reason, and the last finished epoch is in place', async () => {
    const net = network();
    const controller = new AbortController();
    let last = net.parameters.slice();
    let batches = 0;
    const run = net.fit(X, y, {
      ...HERE,
      epochs: 50,
      batchSize: 10,
      signal: controller.signal,
      onEpoch: () => {
        last = net.parameters.slice();
      },
      onBatch: ({ epoch, batch }) => {
        if (epoch > 2) batches++;
        if (epoch === 3 && batch === 7) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(batches).toBe(7);
    expectSameBits(net.parameters, last);
    await expect(net.fit(X, y, { ...HERE, signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test('numbers that grow too large stop training at their batch', async () => {
    const net = network();
    let batches = 0;
    const options: FitOptions = { ...HERE, shuffle: false, optimizer: { name: 'sgd', learningRate: 1e308 } };
    const run = net.fit(X, y, { ...options, batchSize: 100, onBatch: () => void batches++ });
    await expect(run).rejects.toThrow(
      /^epoch 1, batch \d: the loss or a gradient is not finite at learning rate 1e\+308; .*layer/,
    );
    // The network has the parameters before that batch: those of a training on the rows before it.
    expect(batches).toBeGreaterThan(0);
    const twin = network();
    const rows = 100 * batches;
    const before = { rows, cols: 2, data: X.data.slice(0, 2 * rows) };
    await twin.fit(before, y.slice(0, rows), { ...options, batchSize: 100, epochs: 1 });
    expectSameBits(net.parameters, twin.parameters);
    const bad = [
      [1, 2],
      [Number.NaN, 1],
    ];
    await expect(net.fit(bad, [0, 1], HERE)).rejects.toThrow(/; "X" holds NaN in row 1, column 0: remove/);
    const many = { rows: 300, cols: 2, data: X.data.slice() };
    many.data[2 * 217 + 1] = Infinity;
    await expect(net.fit(many, y, { ...HERE, batchSize: 20 })).rejects.toThrow(
      '"X" holds Infinity in row 217, column 1',
    );
  });

  test('blocks: shuffled within, in an order drawn anew from a source; the same bits as their rows one block long', async () => {
    const options: FitOptions = { ...HERE, epochs: 3, batchSize: 32, seed: 4 };
    const one = network();
    await train(
      one,
      async function* () {
        yield { X, y };
      },
      options,
    );
    const part = (i: number) => ({
      X: { rows: 100, cols: 2, data: X.data.slice(200 * i, 200 * i + 200) },
      y: y.slice(100 * i, 100 * i + 100),
    });
    const orders: number[][] = [];
    const net = network();
    const source = {
      blocks: 3,
      read(i: number) {
        orders.push([i]);
        return part(i);
      },
    };
    const history = await train(net, source, options);
    expect(history.loss).toHaveLength(3);
    expect(orders.flat().sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    const again = network();
    await train(again, source, options);
    expectSameBits(again.parameters, net.parameters);
    expect(net.loss(X, y)).toBeLessThan(network().loss(X, y));
    const once = (async function* () {
      yield part(0);
    })();
    await expect(train(network(), once, options)).rejects.toThrow(
      /no rows in epoch 2: a generator ends after one epoch/,
    );
  });

  test.each([
    [{ epoch: 3 }, /unknown option "epoch"; did you mean epochs\? known options: epochs/],
    [{ epochs: 0 }, /"epochs" must be a positive integer, got 0/],
    [{ batchSize: 1.5 }, /"batchSize" must be a positive integer/],
    [{ optimizer: 'adem' }, `"optimizer" must be one of ${optimizers.join(', ')}, by name or in options, got "adem"`],
    [{ optimizer: { name: 'sgd', momentum: -1 } }, /"optimizer.momentum" must be a number from 0 to below 1, got -1/],
    [{ optimizer: { name: 'sgd', nesterov: true } }, /"optimizer.nesterov" needs a momentum above 0/],
    [{ optimizer: { name: 'adam', rho: 0.1 } }, /unknown option "rho"; known options: name, learningRate, beta1/],
    [{ schedule: 'cosinus' }, /"schedule" must be a function or one of constant, invscaling/],
    [{ schedule: { name: 'step' } }, /"schedule.every" must be given/],
    [
      { schedule: () => -1 },
      /"schedule" is called with the epoch alone and must return a positive finite number, got -1 for epoch 0/,
    ],
    [{ validationSplit: 1 }, /"validationSplit" must be a number above 0 to below 1, got 1/],
    [{ earlyStopping: { monitor: 'accuracy' } }, /"earlyStopping.monitor" must be one of loss, got "accuracy"/],
    [
      { earlyStopping: { monitor: 'validationLoss' } },
      /"earlyStopping.monitor" "validationLoss" needs "validationSplit"/,
    ],
    [{ validationData: [[[1, 2]], [1]] }, /"validationData" must be \{ X, y \}, got an array of 2/],
    [{ learningRate: 0.1 }, /fit: "learningRate" is an option of the optimizer/],
    [{ metrics: ['auc'] }, /"metrics" must be one of accuracy, r2, mse, mae, got "auc"/],
    [{ classWeight: [1] }, /"classWeight" must be 'balanced' or 2 numbers/],
    [{ sampleWeight: [1] }, /"sampleWeight" has 1 weights, but there are 300 rows/],
    [{ clipNorm: 0 }, /"clipNorm" must be a positive finite number/],
    [{ signal: 1 }, /"signal" must be an AbortSignal, got 1/],
    [{ onEpoch: 1 }, /"onEpoch" must be a function, got 1/],
    [{ optimizer: 'lbfgs', batchSize: 10 }, /"batchSize" is of no use with lbfgs/],
    [{ checkpoint: { path: '' } }, /"checkpoint.path" must be the name of a file/],
  ])('refuses %j', async (options, message) => {
    const net = network();
    const before = net.parameters.slice();
    await expect(net.fit(X, y, { ...HERE, ...options } as FitOptions)).rejects.toThrow(message);
    expectSameBits(net.parameters, before);
  });

  test('refuses data that do not fit', async () => {
    const net = network();
    await expect(net.fit([[1, 2, 3]], [1], HERE)).rejects.toThrow('"X" is 1x3, but must have 2 columns');
    await expect(net.fit(X, [1], HERE)).rejects.toThrow('"X" has 300 rows and "y" has 1');
    await expect(net.fit((() => []) as never, y, HERE)).rejects.toThrow('to train on blocks of them, use train');
    await expect(net.fit([[1, 2]], [2], HERE)).rejects.toThrow(
      '"y"[0] is 2: targets of binaryCrossEntropy must be from 0 to 1',
    );
    const counts = engine.network({ inputs: 2, layers: [{ units: 1, activation: 'exp' }], loss: 'poisson' });
    await expect(counts.fit([[1, 2]], [-2], HERE)).rejects.toThrow(
      '"y"[0] is -2: targets of poisson must be 0 or more',
    );
    const plain = engine.network({ inputs: 2, layers: [1] });
    await expect(plain.fit([[1, 2]], [-2], { ...HERE, metrics: ['accuracy'] })).rejects.toThrow(
      '"metrics" accuracy needs classes',
    );
    await expect(net.fit([[1, 2]], ['a'] as never, HERE)).rejects.toThrow('"y"[0] must be a number');
    const disposed = network();
    disposed.dispose();
    await expect(disposed.fit(X, y, HERE)).rejects.toThrow('this network was disposed');
  });
});
