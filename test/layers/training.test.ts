// Trainings of networks with layers of bitgrad/layers, through the built package: the same bits in a worker and here, in either
// backend, resumed from a checkpoint, and with others' turns between the parts of a step.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type NetworkOptions } from 'bitgrad';
import 'bitgrad/layers';
import { train } from 'bitgrad/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dtypes, expectSameBits } from '../support/backends.js';
import { EXAMPLES, rowsFor } from '../support/further-layers.js';
import { uniform } from '../support/networks.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ROWS = 400;
/** A tile of rows from so many units to so many is passed in parts. */
const WIDE = 500;
const engines = (['wasm', 'ts'] as const).map((backend) => createEngine({ backend }));
type FitOptions = NonNullable<Parameters<ReturnType<(typeof engines)[0]['network']>['fit']>[2]>;

/** More than a tile in some batches, and a last one that is short. */
const FIT: FitOptions = { epochs: 4, batchSize: 300, validationSplit: 0.1, clipNorm: 1, background: false };

describe.each(EXAMPLES)('$name', (example) => {
  test.each(dtypes)('in %s', async (dtype) => {
    const options = { ...example.options, dtype, seed: 2 } as NetworkOptions;
    const X = rowsFor(example, dtype, ROWS, 1);
    const runs: [string, number, FitOptions][] = [
      ['here, in WebAssembly', 0, {}],
      ['here, in TypeScript', 1, {}],
      ['in a worker', 0, { background: true }],
      ['in a worker, in TypeScript', 1, { background: true }],
    ];
    const fit = async (engine: number, more: FitOptions) => {
      const net = engines[engine].network(options);
      const y = uniform(dtype, ROWS, net.outputs, 2);
      const history = await net.fit(X, y, { ...FIT, ...more });
      const { loss, validationLoss } = history;
      return { parameters: net.parameters.slice(), curves: Float64Array.from([...loss, ...validationLoss]), history };
    };
    const wanted = await fit(0, {});
    for (const [name, engine, more] of runs) {
      const { parameters, curves, history } = await fit(engine, more);
      expect(history.ran.where, name).toBe(more.background ? 'worker' : 'main');
      expectSameBits(parameters, wanted.parameters);
      expectSameBits(curves, wanted.curves);
    }
    const path = join(folder, `${example.name}-${dtype}`);
    for (const background of [false, true]) {
      await rm(path, { force: true });
      const checkpoint = { path, resume: true };
      await fit(0, { checkpoint, background, onEpoch: ({ epoch }) => epoch < 3 });
      const { parameters, curves } = await fit(background ? 1 : 0, { checkpoint, background: !background });
      expectSameBits(parameters, wanted.parameters);
      expectSameBits(curves, wanted.curves);
    }
  });

  test('in blocks, resumed too', async () => {
    const y = (rows: number, outputs: number, seed: number) => uniform('f64', rows, outputs, seed);
    const fit = async (more: FitOptions) => {
      const net = engines[0].network({ ...example.options, seed: 2 } as NetworkOptions);
      const read = (i: number) => ({ X: rowsFor(example, 'f64', 150, i + 1), y: y(150, net.outputs, 50 + i) });
      await train(net, { blocks: 3, read }, { epochs: 4, batchSize: 40, background: false, ...more });
      return net.parameters.slice();
    };
    const wanted = await fit({});
    expectSameBits(await fit({ background: true }), wanted);
    const checkpoint = { path: join(folder, `${example.name}-blocks`), resume: true };
    await fit({ checkpoint, onEpoch: ({ epoch }) => epoch < 2 });
    expectSameBits(await fit({ checkpoint }), wanted);
  });

  test('of a large network, whose kernels are called in parts', async () => {
    const wide = { units: WIDE, activation: 'relu' } as const;
    const { layers, inputs } = example.options;
    const fit = async (background: boolean) => {
      const net = engines[0].network({
        inputs,
        layers: [...layers, wide, ...between(example.kind), 2],
        seed: 3,
      } as NetworkOptions);
      await net.fit(rowsFor(example, 'f64', 300, 1), uniform('f64', 300, 2, 2), {
        epochs: 1,
        batchSize: 280,
        optimizer: 'sgd',
        background,
      });
      return net.parameters.slice();
    };
    // In a worker calls are made at once, here in parts.
    expectSameBits(await fit(false), await fit(true));
  });
});

/** The same kind where it is wide; an embedding, which reads integers, is first. */
function between(kind: string): object[] {
  const wide = { units: WIDE };
  if (kind === 'skip' || kind === 'add') return [{ kind: 'skip' }, wide, { kind: 'add' }];
  return kind === 'embedding' ? [wide] : [{ kind }, wide];
}
