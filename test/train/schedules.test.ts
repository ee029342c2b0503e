// Schedules against PyTorch's, and as a training of the built package follows them: its history, a resumed training, a worker.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine } from 'bitgrad';
import type { FitOptions } from 'bitgrad/train';
import { afterAll, describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { Plateau } from '../../src/train/loop/plateau.js';
import { changesWithin, rateAt, readSchedule, type Schedule, schedules } from '../../src/train/loop/schedules.js';
import { expectSameBits } from '../support/backends.js';

interface Case {
  schedule: { name: string; patience?: number };
  epochs: number;
  at?: number[];
  /** What the schedule watches. */
  curve?: number[];
  rates: number[];
}

const { initial, cases } = JSON.parse(readFileSync(new URL('../fixtures/schedules.json', import.meta.url), 'utf8')) as {
  initial: number;
  cases: Case[];
};

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const close = (got: number, want: number) => expect(Math.abs(got - want)).toBeLessThan(1e-13 * initial);

test('every schedule that PyTorch has, has its numbers', () => {
  const names = new Set(cases.map(({ schedule }) => schedule.name));
  // The optimizer's own rate, and scikit-learn's two, of which test/train/optimizers.test.ts and test/model know.
  expect(schedules.filter((name) => !names.has(name))).toEqual(['constant', 'invscaling', 'adaptive']);
});

test.each(cases)('$schedule has the rates of PyTorch', ({ schedule, epochs, at = [], curve = [], rates }) => {
  const plan = readSchedule(schedule, epochs);
  const moment = { initial, epoch: 0, epochs, part: 0, samplesSeen: 0, cuts: 0 };
  at.forEach((when, i) => {
    const epoch = Math.floor(when);
    close(rateAt(plan, { ...moment, epoch, part: when - epoch }), rates[i]);
  });
  if (plan.name !== 'plateau') {
    expect(at.length).toBeGreaterThan(10);
    return;
  }
  const plateau = new Plateau({ monitor: 'loss', patience: plan.patience, minDelta: plan.minDelta });
  let cuts = 0;
  curve.forEach((value, epoch) => {
    close(rateAt(plan, { ...moment, epoch, cuts }), rates[epoch]);
    plateau.add(value, epoch + 1);
    if (!plateau.reached) return;
    plateau.state.waited = 0;
    cuts++;
  });
  expect(cuts).toBeGreaterThan(3);
});

test('a warm-up rises to the rate, and polynomial falls from there', () => {
  const plan = readSchedule({ name: 'polynomial', power: 2, warmup: 2, minimum: 0.01 }, 10);
  const at = (epoch: number, part: number) =>
    rateAt(plan, { initial, epoch, epochs: 10, part, samplesSeen: 0, cuts: 0 });
  close(at(0, 0), (0.1 * initial) / 2);
  close(at(1, 0.5), (1.5 * initial) / 2);
  close(at(2, 0), initial);
  close(at(6, 0), 0.01 + 0.09 * 0.25);
  close(at(10, 0), 0.01);
});

test('a rate of many epochs takes no time', () => {
  const start = performance.now();
  for (const schedule of [
    { name: 'exponential', factor: 0.999 },
    { name: 'cosineRestarts', every: 1 },
    { name: 'cosineRestarts', every: 1, growth: 1.5 },
    { name: 'plateau', factor: 0.5 },
  ] as const) {
    const plan = readSchedule(schedule, 10);
    const moment = { initial, epoch: 1e9, epochs: 2e9, part: 0.5, samplesSeen: 0, cuts: 1e9 };
    expect(rateAt(plan, moment)).toBeLessThanOrEqual(initial);
  }
  expect(performance.now() - start).toBeLessThan(500);
});

test.each([
  ['exponential', /"schedule.factor" must be given: what an epoch multiplies the rate by/],
  [{ name: 'exponential', factor: 0 }, /"schedule.factor" must be a positive finite number, got 0/],
  ['cosineRestarts', /"schedule.every" must be given: a number of epochs/],
  [{ name: 'cosineRestarts', every: 1.5 }, /"schedule.every" must be a positive integer, got 1.5/],
  [{ name: 'cosineRestarts', every: 2, growth: 0.5 }, /"schedule.growth" must be a finite number, 1 or more, got 0.5/],
  [{ name: 'cosineRestarts', every: 2, growth: Infinity }, /"schedule.growth" must be a finite number, 1 or more/],
  [{ name: 'polynomial', power: -1 }, /"schedule.power" must be a positive finite number, got -1/],
  [{ name: 'oneCycle', rise: 1 }, /"schedule.rise" must be a number from 0 to below 1, got 1/],
  [{ name: 'oneCycle', warmup: 1 }, /schedule oneCycle: unknown option "warmup"; .*known options: name, rise, divisor/],
  [{ name: 'plateau', patience: 0 }, /"schedule.patience" must be a positive integer, got 0/],
  [{ name: 'plateau', monitor: 3 }, /"schedule.monitor" must be the name of a curve, got 3/],
  [{ name: 'plateau', factor: 1 }, /"schedule.factor" must be a number from 0 to below 1, got 1/],
  ['onecycle', /"schedule" must be a function or one of constant, invscaling, .*oneCycle, got "onecycle"/],
] as [Schedule, RegExp][])('%j is refused', (schedule, message) => {
  expect(() => readSchedule(schedule, 10)).toThrow(message);
});

const X = random(1).randn(40, 2);
const y = Float64Array.from({ length: 40 }, (_, i) => X.data[2 * i] * X.data[2 * i + 1]);
const make = () => engine.network({ inputs: 2, layers: [{ units: 4, activation: 'tanh' }, 1], seed: 3 });

const OPTIONS: Record<string, Schedule> = {
  exponential: { name: 'exponential', factor: 0.8 },
  step: { name: 'step', every: 3 },
  cosineRestarts: { name: 'cosineRestarts', every: 2, growth: 2 },
  plateau: { name: 'plateau', patience: 1, minDelta: 0.02, factor: 0.5, minimum: 1e-4 },
};

describe.each(schedules)('%s', (name) => {
  const schedule = OPTIONS[name] ?? name;
  const optimizer = { name: 'adam', learningRate: 0.1 } as const;
  const given: FitOptions = { schedule, optimizer, batchSize: 8, epochs: 12, seed: 2, background: false };

  test('goes on with the same bits and rates, and in a worker', async () => {
    const whole = make();
    const history = await whole.fit(X, y, given);
    const path = join(folder, name);
    await make().fit(X, y, { ...given, checkpoint: { path }, onEpoch: ({ epoch }) => epoch < 7 });
    const resumed = make();
    const rest = await resumed.fit(X, y, { ...given, checkpoint: { path, resume: true } });
    expect(rest.learningRate).toEqual(history.learningRate);
    expectSameBits(resumed.parameters, whole.parameters);
    const away = make();
    const there = await away.fit(X, y, { ...given, background: true });
    expect(there.ran.where).toBe('worker');
    expect(there.learningRate).toEqual(history.learningRate);
    expectSameBits(away.parameters, whole.parameters);
  });

  test('batches see rates of their own where it says so', async () => {
    const rates = new Map<number, Set<number>>();
    const onBatch = ({ epoch, learningRate }: { epoch: number; learningRate: number }) => {
      rates.set(epoch, (rates.get(epoch) ?? new Set()).add(learningRate));
    };
    await make().fit(X, y, { ...given, onBatch });
    const moves = changesWithin(readSchedule(schedule, 12));
    expect([...rates.values()].every(({ size }) => (moves ? size > 1 : size === 1))).toBe(true);
  });
});

describe('plateau', () => {
  /** Rates from the curve, restated. */
  function ratesOf(curve: number[], patience: number, minDelta: number, factor: number): number[] {
    let [rate, best, waited] = [0.1, Infinity, 0];
    return curve.map((value) => {
      const used = rate;
      waited = best - value >= minDelta ? 0 : waited + 1;
      best = Math.min(best, value);
      if (waited >= patience) {
        rate *= factor;
        waited = 0;
      }
      return used;
    });
  }

  const optimizer = { name: 'sgd', learningRate: 0.1 } as const;
  const plateau = { name: 'plateau', patience: 2, minDelta: 0.01, factor: 0.5 } as const;

  test('watches its own curve, beside early stopping that watches another', async () => {
    const net = make();
    const history = await net.fit(X, y, {
      optimizer,
      schedule: plateau,
      epochs: 30,
      validationSplit: 0.25,
      metrics: ['mae'],
      earlyStopping: { monitor: 'mae', patience: 25, minDelta: 0 },
      background: false,
    });
    expect(history.learningRate).toEqual(ratesOf(history.validationLoss, 2, 0.01, 0.5));
    expect(new Set(history.learningRate).size).toBeGreaterThan(2);
    expect(history.best).toBe(Math.min(...history.metrics.mae));
    const other = await make().fit(X, y, {
      optimizer,
      schedule: { ...plateau, monitor: 'loss' },
      epochs: 30,
      validationSplit: 0.25,
      background: false,
    });
    expect(other.learningRate).toEqual(ratesOf(other.loss, 2, 0.01, 0.5));
    // Nothing was watched but by the schedule.
    expect(other.bestEpoch).toBe(0);
  });

  test('a curve that is not there is refused', async () => {
    const schedule = { ...plateau, monitor: 'validationLoss' } as const;
    await expect(make().fit(X, y, { schedule })).rejects.toThrow(
      /"schedule.monitor" "validationLoss" needs "validationSplit" or "validationData"/,
    );
    await expect(make().fit(X, y, { schedule: { ...plateau, monitor: 'los' } })).rejects.toThrow(
      /"schedule.monitor" must be one of loss, got "los"/,
    );
  });
});

test('a schedule that runs to the last epoch refuses another number of them', async () => {
  for (const name of ['cosine', 'polynomial', 'oneCycle'] as const) {
    const path = join(folder, `${name}-epochs`);
    const given: FitOptions = { schedule: name, epochs: 3, background: false, checkpoint: { path, resume: true } };
    await make().fit(X, y, given);
    await expect(make().fit(X, y, { ...given, epochs: 6 })).rejects.toThrow(
      `its epochs is 3, here it is 6, and every rate of a ${name} follows from their number`,
    );
  }
});
