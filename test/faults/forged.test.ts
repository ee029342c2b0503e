// Checkpoints whose checksum is right but whose fields are not: each is refused by name, or training goes on with it to its end.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BitgradError, FileFormatError } from '../../src/checks/errors.js';
import { writeJSON } from '../../src/files/json-text.js';
import { pack, unpack } from '../../src/files/packing.js';
import { decodeSafetensors, joined, layout } from '../../src/files/safetensors.js';
import { engine } from '../../src/index.js';
import { PARTS } from '../../src/network/calls.js';
import type { Network } from '../../src/network/network.js';
import { random } from '../../src/random/random.js';
import { readCheckpoint } from '../../src/train/checkpoint.js';
import { type FitOptions, train } from '../../src/train/index.js';
import type { TrainerState } from '../../src/train/loop/trainer.js';
import { type FitPlan, readFitOptions } from '../../src/train/options.js';
import { FACTOR, LONG } from '../support/long.js';
import { forge } from './forge.js';

const FORGED = LONG ? 20_000 : 700;
/** Of those that are read, so many are trained with. */
const TRAINED = LONG ? 300 : 15;
/** Files that are read at once: most of the time is waiting for them. */
const TOGETHER = 10;
const ROWS = 24;

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'run');

const X = random(1).randn(ROWS, 2);
const y = Array.from(X.data.subarray(0, ROWS), (x) => x * x);
const blocks = {
  blocks: 2,
  read: (i: number) => ({ X: X.toArray().slice(12 * i, 12 * i + 12), y: y.slice(12 * i, 12 * i + 12) }),
};

const OPTIONS = { inputs: 2, layers: [{ units: 3, activation: 'tanh' as const }, 1], seed: 2 };

type Kind = { dtype: 'f64' | 'f32'; options: FitOptions; blocks?: boolean };
const KINDS: Record<string, Kind> = {
  adam: {
    dtype: 'f64',
    options: {
      optimizer: 'adam',
      validationSplit: 0.25,
      earlyStopping: { patience: 50 },
      metrics: ['r2'],
      batchSize: 5,
    },
  },
  sgd: {
    dtype: 'f32',
    options: { optimizer: { name: 'sgd', momentum: 0.5 }, schedule: { name: 'adaptive', factor: 2 }, batchSize: 7 },
  },
  lbfgs: { dtype: 'f64', options: { optimizer: { name: 'lbfgs', memory: 3 } } },
  table: { dtype: 'f64', options: { optimizer: 'sgd', schedule: (epoch) => 0.01 / (epoch + 1) } },
  blocks: { dtype: 'f64', options: { optimizer: 'rmsprop' }, blocks: true },
  averaged: {
    dtype: 'f32',
    options: {
      optimizer: { name: 'adamw', amsgrad: true },
      schedule: { name: 'plateau', patience: 2 },
      averaging: { name: 'ema', decay: 0.5 },
    },
  },
};

/** Goes on to 5 epochs, or begins with 3. */
function run({ dtype, options, blocks: inBlocks }: Kind, epochs: number, resume: boolean, file = path) {
  const net = engine.network({ ...OPTIONS, dtype });
  const data = inBlocks ? blocks : { X, y };
  const fit = { ...options, epochs, background: false, checkpoint: { path: file, everyEpochs: 100, resume } };
  return train(net, data, fit).finally(() => net.dispose());
}

const plans = new Map<Kind, [Network, FitPlan]>();

/** What resuming reads, without the lock and the training. */
async function read(kind: Kind, file: string): Promise<unknown> {
  if (!plans.has(kind)) {
    const net = engine.network({ ...OPTIONS, dtype: kind.dtype });
    plans.set(kind, [net, readFitOptions({ ...kind.options, epochs: 5 }, net[PARTS].plan, kind.blocks)]);
  }
  const [net, plan] = plans.get(kind) as [Network, FitPlan];
  const checkpoint = { path: file, lock: '', keep: 1, everyEpochs: 1, resume: true } as const;
  return readCheckpoint(checkpoint, net, plan, kind.blocks ? undefined : ROWS);
}

interface Saved {
  state: TrainerState;
  training: object;
}

const files = new Map<string, Uint8Array>();
beforeAll(async () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    await run(kind, 3, false);
    files.set(name, readFileSync(path));
  }
});

const opened = new Map<string, Saved>();

function open(name: string): Saved {
  const known = opened.get(name);
  if (known) return known;
  const { tensors, metadata } = decodeSafetensors(files.get(name) as Uint8Array);
  const training = unpack(JSON.parse(metadata.training), tensors) as object;
  const saved = { training, state: unpack(JSON.parse(metadata.state), tensors) as TrainerState };
  opened.set(name, saved);
  return saved;
}

/** Writes a checkpoint whose checksum is right. */
function write({ state, training }: Saved, file = path): void {
  const tensors = new Map();
  const metadata = decodeSafetensors(files.get('adam') as Uint8Array).metadata;
  const { sha256: _, ...rest } = metadata;
  const texts = {
    training: writeJSON(pack(training, 'training', tensors)),
    state: writeJSON(pack(state, '', tensors)),
  };
  writeFileSync(file, joined(layout(tensors, { ...rest, ...texts }, true)));
}

test(
  `${FORGED} checkpoints with one wrong field`,
  async () => {
    const rng = random(3);
    const names = Object.keys(KINDS);
    let refused = 0;
    let trained = 0;

    async function attempt(i: number): Promise<void> {
      const name = names[i % names.length];
      const saved = open(name);
      const what = i % 9 === 0 ? 'training' : 'state';
      const { forged, place } = forge(saved[what], rng);
      const file = `${path}-${i % TOGETHER}`;
      try {
        write({ ...saved, [what]: forged }, file);
      } catch (error) {
        // What cannot be written at all needs no reading: a typed array of a kind that no tensor has.
        expect(error).toBeInstanceOf(BitgradError);
        refused++;
        return;
      }
      try {
        await read(KINDS[name], file);
        if (trained++ >= TRAINED) return;
        const { epochs } = await run(KINDS[name], 5, true, file);
        expect(epochs).toBeGreaterThan(0);
      } catch (error) {
        const { name: kind, message, stack } = error as Error;
        if (!/^(FileFormat|Value|NonFinite|Shape)Error$/.test(kind)) throw new Error(`${name}: ${place}: ${stack}`);
        expect(message.replace(folder, '').length, place).toBeLessThan(400);
        refused++;
      }
    }

    for (let i = 0; i < FORGED; i += TOGETHER) {
      await Promise.all(Array.from({ length: Math.min(TOGETHER, FORGED - i) }, (_, j) => attempt(i + j)));
    }
    expect(refused).toBeGreaterThan(FORGED / 2);
    expect(trained).toBeGreaterThan(FORGED / 50);
  },
  120_000 * FACTOR,
);

describe('what is wrong is said', () => {
  type Change = (state: TrainerState & { lbfgs?: object }) => object;
  const order =
    (change: (order: Int32Array) => Int32Array): Change =>
    (state) => ({ ...state, order: change(state.order) });
  const lbfgs =
    (fields: object): Change =>
    (state) => ({ ...state, lbfgs: { ...state.lbfgs, ...fields } });
  const history =
    (fields: object): Change =>
    (state) => ({ ...state, history: { ...state.history, ...fields } });

  test.each<[string, string, Change, RegExp]>([
    ['a row twice', 'table', order((rows) => rows.map(() => 3)), /state.order\[1\]" is 3, which stands there twice/],
    ['a row that is none', 'table', order((rows) => rows.with(0, ROWS)), /state.order\[0\]" is 24, no row of 24/],
    ['a row below none', 'table', order((rows) => rows.with(5, -1)), /state.order\[5\]" is -1, no row of 24/],
    [
      'a row too few',
      'table',
      order((rows) => rows.slice(1)),
      /state.order" must be a Int32Array of 24, got one of 23/,
    ],
    [
      'rows held out',
      'adam',
      order((rows) => Int32Array.from(rows, (_, i) => i)),
      /state.order" has rows that are held out/,
    ],
    ['another epoch', 'adam', (state) => ({ ...state, epoch: 4 }), /state.history.epochs" must be 4, got 3/],
    ['no epoch', 'table', (state) => ({ ...state, epoch: 0 }), /state.epoch" must be an integer from 1/],
    [
      'parameters too few',
      'table',
      (state) => ({ ...state, parameters: state.parameters.slice(1) }),
      /a Float64Array of 13, got one of 12/,
    ],
    [
      'another dtype',
      'table',
      (state) => ({ ...state, parameters: Float32Array.from(state.parameters) }),
      /Float64Array of 13, got a Float32Array/,
    ],
    ['cuts without end', 'sgd', (state) => ({ ...state, cuts: 2 ** 50 }), /state.cuts" must be an integer from 0 to 3/],
    ['no plateau', 'sgd', (state) => ({ ...state, plateau: undefined }), /state.plateau" must be an object/],
    [
      'a best epoch to come',
      'sgd',
      (state) => ({ ...state, plateau: { ...state.plateau, bestEpoch: 9 } }),
      /bestEpoch" must be an integer from 0 to 3/,
    ],
    [
      'best parameters too many',
      'adam',
      (state) => ({ ...state, best: new Float64Array(14) }),
      /state.best" must be a Float64Array of 13/,
    ],
    [
      'best where none is kept',
      'table',
      (state) => ({ ...state, best: new Float64Array(13) }),
      /state.best" must be left out/,
    ],
    ['no optimizer', 'adam', (state) => ({ ...state, optimizer: undefined }), /state.optimizer" must be an object/],
    [
      'a slot too few',
      'adam',
      (state) => ({ ...state, optimizer: { ...state.optimizer, slots: [] } }),
      /slots" must be an array of 2/,
    ],
    [
      'vectors of lbfgs too short',
      'lbfgs',
      lbfgs({ direction: new Float64Array(2) }),
      /lbfgs.direction" must be a Float64Array of 13/,
    ],
    [
      'more pairs than are kept',
      'lbfgs',
      lbfgs({ rho: [1, 1, 1, 1] }),
      /lbfgs.rho" must be an array of 0 to 3 numbers/,
    ],
    ['pairs that are none', 'lbfgs', lbfgs({ rho: [] }), /keeps 0 rho, 2 differences and 2 steps/],
    [
      'a generator of zeros',
      'table',
      (state) => ({ ...state, random: { key: new Array(624).fill(0), position: 3 } }),
      /state.random" is no state/,
    ],
    [
      'a position behind the end',
      'table',
      (state) => ({ ...state, random: { ...state.random, position: 625 } }),
      /state.random" is no state/,
    ],
    ['a curve too short', 'table', history({ seconds: [1] }), /history.seconds" has 1 elements, the loss 3/],
    [
      'a metric’s curve too long',
      'adam',
      history({ metrics: { r2: [1, 1, 1, 1] } }),
      /metrics.r2" must be an array of 0 to 3 numbers/,
    ],
    ['a reason that is none', 'table', history({ stopReason: 'bored' }), /stopReason" must be one of epochs, /],
    [
      'more than there is',
      'table',
      (state) => ({ ...state, more: 1 }),
      /state" has the member "more", which is not known/,
    ],
  ])('%s', async (_, name, change, message) => {
    const saved = open(name);
    write({ ...saved, state: change(saved.state) as TrainerState });
    const running = run(KINDS[name], 5, true);
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(FileFormatError);
  });

  test('a file may name options that its optimizer does not have, as 0 or false, and no others', async () => {
    const saved = open('adam');
    const training = saved.training as { optimizer: object };
    const withOptions = (options: object) => ({ ...training, optimizer: { ...training.optimizer, ...options } });
    write({ ...saved, training: withOptions({ momentum: 0, nesterov: false }) });
    expect((await run(KINDS.adam, 5, true)).epochs).toBe(5);
    write({ ...saved, training: withOptions({ momentum: 0.5 }) });
    await expect(run(KINDS.adam, 5, true)).rejects.toThrow(/its optimizer.momentum is 0.5, here it is not set/);
    write({ ...saved, training: withOptions({ beta1: 0 }) });
    await expect(run(KINDS.adam, 5, true)).rejects.toThrow(/its optimizer.beta1 is 0, here it is 0.9/);
  });

  test('a file that is older than some options goes on', async () => {
    const saved = open('adam');
    const { optimizer, schedule, ...training } = saved.training as { optimizer: object; schedule: { rates: [] } };
    const { amsgrad, weightDecay, decayBiases, ...older } = optimizer as Record<string, unknown>;
    expect([amsgrad, weightDecay, decayBiases]).toEqual([false, 0, false]);
    // Of the form before: the options of all schedules.
    const all = { name: 'constant', power: 0.5, factor: 0.1, minimum: 0, every: 1, warmup: 0, rates: schedule.rates };
    write({ ...saved, training: { ...training, optimizer: older, schedule: all } });
    expect((await run(KINDS.adam, 5, true)).epochs).toBe(5);
    write({ ...saved, training: { ...training, optimizer: older, schedule: { ...all, name: 'adaptive' } } });
    await expect(run(KINDS.adam, 5, true)).rejects.toThrow(/its schedule.name is "adaptive", here it is "constant"/);
  });

  test('rates that are none', async () => {
    const saved = open('table');
    write({ ...saved, training: { ...saved.training, schedule: { rates: 'x' } } });
    await expect(run(KINDS.table, 5, true)).rejects.toThrow(/training.schedule.rates" must be an array of numbers/);
  });

  test('unchanged, each goes on', async () => {
    for (const [name, kind] of Object.entries(KINDS)) {
      write(open(name));
      const { epochs } = await run(kind, 5, true);
      expect([name, epochs]).toEqual([name, 5]);
    }
  });
});
