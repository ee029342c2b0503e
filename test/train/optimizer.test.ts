// Optimizers for loops of one's own: the steps of fit, groups, states.

import { describe, expect, test } from 'vitest';
import type { History, OptimizerName, OptimizerOptions } from '../../src/train/index.js';
import { clipNorm, clipValue, optimizer, optimizers, scheduleOf, train } from '../../src/train/index.js';
import { kindOf } from '../../src/train/optimizers/optimizers.js';
import { dtypes, entries } from '../support/backends.js';
import { type Net, type Options, rowsOf, uniform } from '../support/networks.js';

const STEPPING = optimizers.filter((name) => !kindOf({ name }).whole);

describe.each(entries)('%s', (_, api) => {
  const build = (options: Partial<Options> = {}): Net =>
    api.network({
      inputs: 3,
      layers: [{ units: 5, activation: 'tanh' }, { units: 4, activation: 'silu' }, 2],
      seed: 2,
      ...options,
    });

  describe.each(dtypes)('%s', (dtype) => {
    const [X, y] = [uniform(dtype, 70, 3, 1), uniform(dtype, 70, 2, 2)];
    const batches = Array.from({ length: 7 }, (_, i) => [X, y].map((each) => rowsOf(each, 10 * i, 10 * i + 10)));
    const few = { epochs: 3, batchSize: 10, shuffle: false, background: false };

    test.each(STEPPING)('%s: the bits of fit with the same batches, whatever gradients come as', async (name) => {
      const net = build({ dtype });
      await net.fit(X, y, { ...few, optimizer: name });
      for (const form of ['resident', 'matrices', 'vector', 'one group', 'a group for each'] as const) {
        const twin = build({ dtype });
        const groups = {
          'one group': [{}],
          'a group for each': [0, 1, 2].map((layers) => ({ layers, parameters: 'biases' })),
        };
        const opt = optimizer(name, twin, { groups: groups[form as 'one group'] } as object);
        const out = twin.zeroGradients();
        for (let epoch = 0; epoch < 3; epoch++) {
          for (const [rows, targets] of batches) {
            if (form === 'matrices') opt.step(twin.gradients(rows, targets));
            else if (form === 'vector') opt.step(twin.gradientsInto(rows, targets, out).parameters.slice());
            else opt.step(twin.gradientsInto(rows, targets, out));
          }
        }
        expect(twin.parameters, form).toEqual(net.parameters);
        expect(opt.steps).toBe(21);
        for (const each of [opt, out, twin]) each.dispose();
      }
      net.dispose();
    });

    test('clipping and a schedule as functions: the bits of fit', async () => {
      const net = build({ dtype });
      const schedule = { name: 'cosine', warmup: 1, minimum: 1e-4 } as const;
      const options = { optimizer: { name: 'sgd', learningRate: 0.5, momentum: 0.9 } as const, schedule };
      const history = await net.fit(X, y, { ...few, ...options, clipValue: 0.02, clipNorm: 0.03 });
      const twin = build({ dtype });
      const sgd = optimizer('sgd', twin, { learningRate: 0.5, momentum: 0.9 });
      const rate = scheduleOf(schedule, { learningRate: 0.5, epochs: 3 });
      const out = twin.zeroGradients();
      const rates: number[] = [];
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const [i, [rows, targets]] of batches.entries()) {
          sgd.learningRate = rate(epoch + i / 7);
          twin.gradientsInto(rows, targets, out);
          clipValue(twin, out, 0.02);
          const size = clipNorm(twin, out, 0.03);
          expect(size).toBeGreaterThan(0.03);
          sgd.step(out);
        }
        rates.push(sgd.learningRate);
      }
      expect(rates).toEqual(history.learningRate);
      expect(twin.parameters).toEqual(net.parameters);
      for (const each of [sgd, out, twin, net]) each.dispose();
    });

    test.each(STEPPING)('%s: a state that was kept goes on with the same bits', (name) => {
      const [net, twin] = [build({ dtype }), build({ dtype })];
      const groups = [{ layers: 1, learningRate: 0.02 }];
      const opt = optimizer(name, net, { groups } as object);
      const step = (of: Net, by: typeof opt, i: number) => by.step(of.gradients(batches[i][0], batches[i][1]));
      for (let i = 0; i < 3; i++) step(net, opt, i);
      const state = structuredClone(opt.state);
      twin.parameters = net.parameters;
      for (let i = 3; i < 7; i++) step(net, opt, i);
      const other = optimizer(name, twin, { groups } as object);
      other.state = state;
      expect(other.state).toEqual(state);
      for (let i = 3; i < 7; i++) step(twin, other, i);
      expect(twin.parameters).toEqual(net.parameters);
      expect(other.state).toEqual(opt.state);
      // What was handed out and handed in is no part of it.
      state.slots.forEach((slot) => slot.fill(9));
      opt.state.slots.forEach((slot) => slot.fill(9));
      expect(other.state).toEqual(opt.state);
      for (const each of [opt, other, net, twin]) each.dispose();
    });
  });

  describe('groups', () => {
    const [X, y] = [uniform('f64', 10, 3, 1), uniform('f64', 10, 2, 2)];
    const step = (net: Net, name: OptimizerName, options: object, rate?: number) => {
      const opt = optimizer(name, net, options as never);
      if (rate !== undefined) opt.learningRate = rate;
      for (let i = 0; i < 2; i++) opt.step(net.gradients(X, y));
      opt.dispose();
      const parameters = net.weights.map((weights, i) =>
        [weights, net.biases[i]].map((each) => [...(each?.data ?? [])]),
      );
      net.dispose();
      return parameters;
    };

    test('what is frozen stays; the rest is as if there were no groups, for the gradients are the same', () => {
      const before = step(build(), 'adam', { groups: [{ frozen: true }] });
      const net = build();
      expect(before).toEqual(net.weights.map((weights, i) => [[...weights.data], [...(net.biases[i]?.data ?? [])]]));
      const opt = optimizer('adam', net, { groups: [{ layers: [0, 2], frozen: true }] });
      const free = build();
      const gradients = net.gradients(X, y);
      opt.step(gradients);
      optimizer('adam', free).step(gradients);
      expect(net.weights[0].data).toEqual(build().weights[0].data);
      expect(net.biases[2]?.data).toEqual(build().biases[2]?.data);
      expect(net.weights[1].data).toEqual(free.weights[1].data);
      expect(net.biases[1]?.data).toEqual(free.biases[1]?.data);
      for (const each of [net, free]) each.dispose();
    });

    test('a rate of their own, as if that were all; it moves with the optimizer; the first group counts', () => {
      const groups = [
        { layers: 1, learningRate: 0.2 },
        { layers: [1, 2], learningRate: 0.3 },
      ];
      // Of one step, after which gradients differ.
      const net = build();
      const gradients = net.gradients(X, y);
      const at = (options: object, rate?: number) => {
        const twin = build();
        const opt = optimizer('sgd', twin, options as never);
        if (rate !== undefined) opt.learningRate = rate;
        opt.step(gradients);
        return twin.weights.map((each) => [...each.data]);
      };
      const mixed = at({ learningRate: 0.1, groups });
      expect(mixed).toEqual([0.1, 0.2, 0.3].map((learningRate, i) => at({ learningRate })[i]));
      const halved = at({ learningRate: 0.1, groups }, 0.05);
      expect(halved).toEqual([0.05, 0.1, 0.15].map((learningRate, i) => at({ learningRate })[i]));
      net.dispose();
    });

    test('a decay of their own: of weights; of biases where those are named', () => {
      const zero = new Float64Array(build().parameters.length);
      const decayed = (groups: object[]) => {
        const net = build();
        net.parameters.fill(1);
        optimizer('adamw', net, { learningRate: 0.1, weightDecay: 0, groups } as never).step(zero);
        return net.weights.map((weights, i) => [weights.data[0], net.biases[i]?.data[0]]);
      };
      expect(decayed([])).toEqual([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
      expect(decayed([{ layers: 0, weightDecay: 0.5 }])).toEqual([
        [0.95, 1],
        [1, 1],
        [1, 1],
      ]);
      expect(decayed([{ parameters: 'biases', weightDecay: 0.5 }])).toEqual([
        [1, 0.95],
        [1, 0.95],
        [1, 0.95],
      ]);
      expect(decayed([{ layers: [1], parameters: 'weights', weightDecay: 0.5 }])).toEqual([
        [1, 1],
        [0.95, 1],
        [1, 1],
      ]);
    });

    test.each<[string, unknown]>([
      ['"groups" must be an array', {}],
      ['groups[0]: options must be an object', [1]],
      ['groups[0]: unknown option "layer"; did you mean layers?', [{ layer: 1 }]],
      ['"groups[1].layers" must be an integer from 0 to 2, got 3', [{}, { layers: 3 }]],
      ['"groups[0].layers" must be an integer from 0 to 2, got "a"', [{ layers: [0, 'a'] }]],
      ['"groups[0].parameters" must be one of weights, biases, got "bias"', [{ parameters: 'bias' }]],
      ['"groups[0].learningRate" must be a positive finite number, got 0', [{ learningRate: 0 }]],
      ['"groups[0].weightDecay" must be a finite number, 0 or more, got -1', [{ weightDecay: -1 }]],
      ['"groups[0].frozen" must be true or false, got 1', [{ frozen: 1 }]],
    ])('refuses: %s', (message, groups) => {
      const net = build();
      const name = message.includes('weightDecay') ? 'adam' : 'adamw';
      expect(() => optimizer(name, net, { groups } as never)).toThrow(message);
      net.dispose();
    });
  });

  const size = build().parameters.length;

  test.each<[string, (net: Net) => unknown]>([
    ['"optimizer" must be one of sgd', (net) => optimizer('sdg' as never, net)],
    ['"name" lbfgs takes all rows at once', (net) => optimizer('lbfgs', net)],
    ['"net" must be a Network', () => optimizer('sgd', {} as never)],
    ['optimizer sgd: unknown option "rate"', (net) => optimizer('sgd', net, { rate: 1 } as never)],
    ['known options: groups, learningRate, momentum', (net) => optimizer('sgd', net, { lr: 1 } as never)],
    ['"optimizer.learningRate" must be a positive', (net) => optimizer('sgd', net, { learningRate: -1 })],
    ['"gradients" must be of this optimizer\'s network', (net) => optimizer('sgd', net).step(build().zeroGradients())],
    ['"gradients" must be what gradients(), backward()', (net) => optimizer('sgd', net).step({} as never)],
    ['got undefined', (net) => optimizer('sgd', net).step(undefined as never)],
    [`"gradients" is (2), but the parameters are ${size}x1`, (net) => optimizer('sgd', net).step([1, 2])],
    [
      '"gradients.weights[0]" is 2x1',
      (net) => optimizer('sgd', net).step(api.network({ inputs: 2, layers: [1] }).gradients([[1, 2]], [1])),
    ],
    [
      '"gradients" were disposed',
      (net) => {
        const out = net.zeroGradients();
        out.dispose();
        optimizer('sgd', net).step(out);
      },
    ],
    [
      '"learningRate" must be a finite number, 0 or more, got NaN',
      (net) => (optimizer('sgd', net).learningRate = Number.NaN),
    ],
    [
      '"state" is of optimizer "adam", this is sgd',
      (net) => (optimizer('sgd', net).state = optimizer('adam', net).state as never),
    ],
    ['"state" is of optimizer undefined', (net) => (optimizer('sgd', net).state = undefined as never)],
    ['"state.slots"', (net) => (optimizer('adam', net).state = { ...optimizer('adam', net).state, slots: [] })],
    [
      '"state.slots[0]"',
      (net) =>
        (optimizer('adam', net).state = {
          ...optimizer('adam', net).state,
          slots: [1, 2].map(() => new Float64Array(3)),
        }),
    ],
    ['"state.powers"', (net) => (optimizer('adam', net).state = { ...optimizer('adam', net).state, powers: [2, 0] })],
    ['"gradients" must come from this network\'s zeroGradients()', (net) => clipNorm(net, build().zeroGradients(), 1)],
    ['"limit" must be a positive finite number, got 0', (net) => clipValue(net, net.zeroGradients(), 0)],
    ['"epochs" must be a positive integer, got 0', () => scheduleOf('constant', { learningRate: 1, epochs: 0 })],
    [
      '"schedule" must be a function or one of constant',
      () => scheduleOf('linear' as never, { learningRate: 1, epochs: 1 }),
    ],
    [
      '"epoch" must be a finite number, 0 or more, got -1',
      () => scheduleOf('constant', { learningRate: 1, epochs: 1 })(-1),
    ],
    [
      'moment: unknown option "epochs"',
      () => scheduleOf('constant', { learningRate: 1, epochs: 1 })({ epochs: 1 } as never),
    ],
  ])('refuses: %s', (message, call) => {
    const net = build();
    expect(() => call(net)).toThrow(message);
    net.dispose();
  });

  test('while the network is trained, after the one or the other was disposed of', async () => {
    const net = build();
    const opt = optimizer('sgd', net);
    const gradients = new Float64Array(size).fill(1);
    const running: Promise<History> = Promise.resolve(
      train(net, { X: uniform('f64', 3, 3, 1), y: uniform('f64', 3, 2, 1) }, { epochs: 1 }),
    );
    await Promise.resolve();
    expect(() => opt.step(gradients)).toThrow('this network is being trained');
    await running;
    opt.step(gradients);
    opt.dispose();
    opt.dispose();
    expect(() => opt.step(gradients)).toThrow('this optimizer was disposed');
    const last = optimizer('sgd', net);
    net.dispose();
    expect(() => last.step(gradients)).toThrow('this network was disposed');
    last.dispose();
  });

  test('options of prototypes are none', () => {
    const options: OptimizerOptions = Object.create({ momentum: 0.9 });
    const net = build();
    const opt = optimizer('sgd', net, options as never);
    expect(opt.state.slots.length).toBe(0);
    opt.dispose();
    net.dispose();
  });

  test('the schedules that count rows or plateaus', () => {
    expect(scheduleOf('invscaling', { learningRate: 0.5, epochs: 3 })({ epoch: 2, samplesSeen: 99 })).toBe(0.05);
    expect(scheduleOf('adaptive', { learningRate: 0.5, epochs: 3 })({ epoch: 2, cuts: 2 })).toBe(0.02);
    expect(scheduleOf({ name: 'step', every: 2 }, { learningRate: 1, epochs: 9 })(3)).toBe(0.1);
    expect(scheduleOf((epoch) => epoch + 1, { learningRate: 1, epochs: 9 })(3.5)).toBe(4);
  });
});
