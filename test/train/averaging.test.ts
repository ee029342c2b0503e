// Averages of parameters: PyTorch's numbers, what the network is given and when, the same bits resumed and in a worker.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from 'bitgrad';
import { type FitOptions, optimizers, train } from 'bitgrad/train';
import { afterAll, describe, expect, test } from 'vitest';
import { dtypes, expectSameBits } from '../support/backends.js';

const { X, y, epochs, batchSize, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/averaging.json', import.meta.url), 'utf8'),
);

interface Case {
  options: { name: 'ema' | 'mean'; decay?: number; from?: number };
  start: number[];
  averaged: number[];
  last: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GIVEN: FitOptions = {
  epochs,
  batchSize,
  optimizer: { name: 'sgd', learningRate: 0.1 },
  shuffle: false,
  background: false,
};

describe.each(['wasm', 'ts'] as const)('%s', (backend) => {
  const engine = createEngine({ backend });
  const make = (dtype: 'f64' | 'f32' = 'f64', layers = [{ units: 2, activation: 'tanh' as const }, 1]) =>
    engine.network({ inputs: 3, layers, seed: 4, dtype });
  const from = (start: number[]) => {
    const net = make();
    net.parameters = start;
    return net;
  };

  test.each(cases as Case[])('$options has the averages of PyTorch', async ({ options, start, averaged, last }) => {
    for (const gives of ['average', 'last'] as const) {
      const net = from(start);
      const history = await net.fit(X, y, { ...GIVEN, averaging: { ...options, gives } });
      const close = (got: ArrayLike<number> | undefined, want: number[]) =>
        want.forEach((x, i) => expect(Math.abs((got as number[])[i] - x)).toBeLessThan(1e-14));
      close(history.averaged, averaged);
      close(net.parameters, gives === 'average' ? averaged : last);
      expect(averaged).not.toEqual(last);
    }
  });

  test('the training is the same, whatever is averaged', async () => {
    const plain = make();
    const { loss } = await plain.fit(X, y, GIVEN);
    expect('averaged' in (await make().fit(X, y, GIVEN))).toBe(false);
    for (const averaging of ['ema', 'mean', { name: 'ema', gives: 'last' }, { name: 'mean', from: 99 }] as const) {
      const net = make();
      const history = await net.fit(X, y, { ...GIVEN, averaging });
      expect(history.loss).toEqual(loss);
      const same = typeof averaging === 'object';
      expect(net.parameters.join() === plain.parameters.join()).toBe(same);
      expect('averaged' in history).toBe(!(typeof averaging === 'object' && 'from' in averaging));
    }
  });

  test('after each epoch the network has what validation, metrics and early stopping are of', async () => {
    for (const gives of ['average', 'last'] as const) {
      const net = make();
      const twin = make();
      const seen: Float64Array[] = [];
      const history = await net.fit(X, y, {
        ...GIVEN,
        averaging: { name: 'ema', decay: 0.8, from: 2, gives },
        validationData: { X, y },
        metrics: ['mse'],
        earlyStopping: { monitor: 'validationMse', patience: 50, minDelta: 0 },
        onEpoch({ validationLoss, metrics }) {
          seen.push(Float64Array.from(net.parameters));
          twin.parameters = net.parameters;
          expect(twin.loss(X, y)).toBe(validationLoss);
          expect(metrics.validationMse).toBeCloseTo(validationLoss as number, 14);
          expect(metrics.mse).toBe(metrics.validationMse);
        },
      });
      expectSameBits(Float64Array.from(net.parameters), seen[history.bestEpoch - 1]);
      const other = make();
      const lasts: Float64Array[] = [];
      const onEpoch = () => void lasts.push(Float64Array.from(other.parameters));
      await other.fit(X, y, { ...GIVEN, onEpoch });
      expect(seen.map((each, i) => each.join() === lasts[i].join())).toEqual(
        lasts.map((_, i) => gives === 'last' || i === 0),
      );
    }
  });

  test('a class that is masked by -Infinity stays so', async () => {
    const net = engine.network({ inputs: 3, layers: [{ units: 3, activation: 'softmax' }], loss: 'crossEntropy' });
    const parameters = net.parameters.slice();
    parameters[parameters.length - 1] = -Infinity;
    net.parameters = parameters;
    const labels = (y as number[][]).map(([x]) => Number(x > 0));
    const { averaged } = await net.fit(X, labels, { ...GIVEN, averaging: 'ema' });
    expect(averaged?.at(-1)).toBe(-Infinity);
    expect(net.parameters.at(-1)).toBe(-Infinity);
    expect(averaged?.slice(0, -1).every(Number.isFinite)).toBe(true);
  });

  describe.each(dtypes)('%s', (dtype) => {
    const blocks = () => [0, 1].map((i) => ({ X: X.slice(5 * i, 5 * i + 5), y: y.slice(5 * i, 5 * i + 5) }));
    const KINDS = {
      rows: [{ X, y }, {}],
      blocks: [blocks, {}],
      lbfgs: [
        { X, y },
        { optimizer: 'lbfgs', batchSize: undefined },
      ],
    } as const;

    test.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
      '%s: goes on with the same bits, and in a worker',
      async (kind) => {
        const [data, more] = KINDS[kind];
        const options = {
          ...GIVEN,
          ...more,
          epochs: 6,
          shuffle: true,
          averaging: { name: 'ema', decay: 0.7, from: 2 },
          validationData: { X, y },
          earlyStopping: { patience: 50, minDelta: 0 },
        } as FitOptions;
        const whole = make(dtype);
        const history = await train(whole, data, options);
        const away = make(dtype);
        const there = await train(away, data, { ...options, background: true });
        expect(there.ran.where).toBe('worker');
        expectSameBits(away.parameters, whole.parameters);
        expectSameBits(there.averaged as Float64Array, history.averaged as Float64Array);
        for (const stop of [1, 3]) {
          const path = join(folder, `${backend}-${dtype}-${kind}-${stop}`);
          const half = make(dtype);
          await train(half, data, { ...options, checkpoint: { path }, onEpoch: ({ epoch }) => epoch < stop });
          const resumed = make(dtype);
          const seen: string[] = [];
          const rest = await train(resumed, data, {
            ...options,
            background: stop === 1,
            checkpoint: { path, resume: true },
            onEpoch: () => void seen.push(resumed.parameters.join()),
          });
          expect(seen.length).toBe(6 - stop);
          expectSameBits(resumed.parameters, whole.parameters);
          expectSameBits(rest.averaged as Float64Array, history.averaged as Float64Array);
          expect(rest.validationLoss).toEqual(history.validationLoss);
          // What has ended is given once more.
          const again = make(dtype);
          await train(again, data, { ...options, checkpoint: { path, resume: true } });
          expectSameBits(again.parameters, whole.parameters);
        }
      },
    );

    test.each(['adam', 'muon'] as const)(
      '%s of a large network, whose kernels are called in parts',
      async (optimizer) => {
        // Of products as much is work as of more parameters.
        const many = optimizer === 'muon' ? 400 : 900;
        const [wide, narrow] = backend === 'wasm' ? [many, 300] : [120, 60];
        const large = () =>
          engine.network({ inputs: 3, layers: [{ units: wide, activation: 'relu' }, narrow, 1], dtype });
        const options = { ...GIVEN, epochs: 2, optimizer, averaging: 'ema' } as const;
        const [here, there] = [large(), large()];
        const one = await here.fit(X, y, options);
        const two = await there.fit(X, y, { ...options, background: true });
        expectSameBits(here.parameters, there.parameters);
        expectSameBits(one.averaged as Float64Array, two.averaged as Float64Array);
      },
    );
  });
});

test('every optimizer goes with it', async () => {
  const engine = createEngine();
  for (const optimizer of optimizers) {
    const net = engine.network({ inputs: 3, layers: [2, 1], seed: 1 });
    const { averaged } = await net.fit(X, y, { optimizer, epochs: 3, averaging: 'mean', background: false });
    expectSameBits(net.parameters, averaged as Float64Array);
  }
});

test.each([
  ['swa', /"averaging" must be one of ema, mean, by name or in options, got "swa"/],
  [true, /"averaging" must be one of ema, mean/],
  [{ name: 'mean', decay: 0.5 }, /averaging mean: unknown option "decay"; known options: name, from, gives/],
  [{ name: 'ema', decay: 1 }, /"averaging.decay" must be a number above 0 to below 1, got 1/],
  [{ name: 'ema', decay: 0 }, /"averaging.decay" must be a number above 0 to below 1, got 0/],
  [{ name: 'ema', from: 0 }, /"averaging.from" must be a positive integer, got 0/],
  [{ name: 'ema', gives: 'best' }, /"averaging.gives" must be one of average, last, got "best"/],
] as [never, RegExp][])('%j is refused', async (averaging, message) => {
  const net = createEngine().network({ inputs: 3, layers: [1] });
  await expect(net.fit(X, y, { averaging })).rejects.toThrow(message);
});

test('a checkpoint of another averaging, or one with a wrong average, is refused', async () => {
  const engine = createEngine();
  const path = join(folder, 'other');
  const run = (averaging: FitOptions['averaging']) => {
    const net = engine.network({ inputs: 3, layers: [1], seed: 1 });
    return net.fit(X, y, { ...GIVEN, averaging, checkpoint: { path, resume: true } });
  };
  await run({ name: 'ema', decay: 0.9 });
  await expect(run({ name: 'ema', decay: 0.8 })).rejects.toThrow(/its averaging.decay is 0.9, here it is 0.8/);
  await expect(run(undefined)).rejects.toThrow(/its averaging is /);
  await expect(run({ name: 'ema', decay: 0.9, gives: 'last' })).rejects.toThrow(
    /its averaging.gives is "average", here it is "last"/,
  );
});
