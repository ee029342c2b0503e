// bitgrad with some number of threads, in a process of its own: real ones (`real`), or simulated (`model N`).

import type { Engine, Matrix, random } from 'bitgrad';
import type { MLPRegressor } from 'bitgrad/model';
import type { optimizer } from 'bitgrad/train';
import type { Outcome, Prepared, Subject } from '../contest/protocol.js';
import { loadEngine } from '../entries.js';
import { prepare as preparePeer } from '../peers/subjects/bitgrad.js';
import { ROWS, readMnist } from '../train/mnist.mjs';
import { bandwidthAt } from './model.js';
import { type SimulatedCrew, simulatedEngine } from './simulated.js';
import { type Measured, type Modelled, type Task, trafficOf } from './task.js';

interface Library {
  engine: Engine;
  random: typeof random;
  optimizer: typeof optimizer;
  MLPRegressor: typeof MLPRegressor;
}

interface Work {
  run(): unknown;
  result(): Outcome | Promise<Outcome>;
}

const valuesOf = ({ data }: Pick<Matrix, 'data'>): Outcome => ({ values: data });

function matmul({ engine, random }: Library, n: number, dtype: 'f32' | 'f64'): Work {
  const [a, b] = [1, 2].map((seed) => engine.matrix(random(seed).rand(n, n), { dtype }));
  const out = engine.zeros(n, n, { dtype });
  return { run: () => engine.matmulInto(a, b, out), result: () => valuesOf(engine.matmulInto(a, b, out)) };
}

function dot({ engine, random }: Library, n: number, dtype: 'f32' | 'f64'): Work {
  const [x, y] = [1, 2].map((seed) => engine.matrix(random(seed).rand(1, n), { dtype }).data);
  return { run: () => engine.dot(x, y), result: () => ({ values: [engine.dot(x, y)] }) };
}

function adam({ engine, optimizer }: Library, n: number, dtype: 'f32' | 'f64'): Work {
  const side = Math.sqrt(n);
  const net = engine.network({ inputs: side, layers: [{ units: side, bias: false }], dtype, seed: 1 });
  const own = optimizer('adam', net);
  const gradients = net.zeroGradients();
  gradients.parameters.fill(0.01);
  const run = () => own.step(gradients);
  return {
    run,
    result() {
      run();
      return { values: net.parameters.slice() };
    },
  };
}

async function predict({ engine, random, MLPRegressor }: Library, rows: number, dtype: 'f32' | 'f64'): Promise<Work> {
  const numbers = random(1).rand(rows * 20);
  const X = { rows, cols: 20, data: dtype === 'f32' ? Float32Array.from(numbers) : numbers };
  const few = { ...X, rows: 100, data: X.data.slice(0, 2000) };
  const model = new MLPRegressor({ hiddenLayerSizes: [64, 32], maxIter: 1, randomState: 1, dtype, engine });
  await model.fit(few, random(2).rand(100));
  return { run: () => model.predict(X), result: () => ({ values: model.predict(X) as Float64Array }) };
}

/** An epoch of 784-128-10 on MNIST's first rows, batch 128, adam, f32. It times itself. */
function fit({ engine }: Library, rows: number, background: boolean): Prepared {
  const X = engine.zeros(ROWS.train, 784, { dtype: 'f32' });
  const labels = readMnist('train', X.data).slice(0, rows);
  const data = X.data.subarray(0, 784 * rows);
  const train = async () => {
    const net = engine.network({
      inputs: 784,
      layers: [
        { units: 128, activation: 'relu' },
        { units: 10, activation: 'softmax' },
      ],
      loss: 'crossEntropy',
      dtype: 'f32',
      seed: 1,
    });
    const start = performance.now();
    const batches = { epochs: 1, batchSize: 128, optimizer: { name: 'adam', learningRate: 0.001 } } as const;
    await net.fit({ rows, cols: 784, data }, labels, { ...batches, background });
    const ms = performance.now() - start;
    const values = net.parameters.slice();
    net.dispose();
    return { ms, values };
  };
  return { sample: async () => (await train()).ms, result: async () => ({ values: (await train()).values }) };
}

function workOf(library: Library, task: Task): Prepared | Work | Promise<Work> {
  const { rows, dtype } = task;
  switch (task.kind) {
    case 'matmul':
      return matmul(library, rows, dtype);
    case 'dot':
      return dot(library, rows, dtype);
    case 'adam':
      return adam(library, rows, dtype);
    case 'predict':
      return predict(library, rows, dtype);
    case 'fit':
      return fit(library, rows, task.background);
    default:
      return preparePeer(library.engine, task);
  }
}

/** A simulation gets so many milliseconds for each figure, but a few runs. */
const SLICE_MS = 200;
const RUNS = 3;

/** The same work, which takes as long as it would. */
async function simulate(crew: SimulatedCrew, work: Prepared | Work, task: Task, measured: Measured): Promise<Prepared> {
  const outcome = await work.result();
  const { joinMs, bandwidth } = measured;
  const bytes = trafficOf(task);
  /** What moving the bytes takes at least; nothing if one thread moves them faster than it copies: then they come from a cache. */
  const floorOf = (one: number) =>
    bytes / one / 1e6 > bandwidth[0] ? 0 : bytes / bandwidthAt(crew.size, bandwidth) / 1e6;
  const some = async () => {
    crew.forget();
    const first = performance.now();
    for (let runs = 0; runs < RUNS || performance.now() - first < SLICE_MS; runs++) {
      crew.begin();
      const start = performance.now();
      if ('sample' in work) crew.end(await work.sample());
      else {
        work.run();
        crew.end(performance.now() - start);
      }
    }
    const found = crew.predict(joinMs);
    return { ...found, floor: floorOf(found.one) };
  };
  await some(); // JavaScript's engine compiles what is new to it
  const { ms, one, alone, jobs, floor } = await some();
  return {
    async sample() {
      const { ms, floor } = await some();
      return Math.max(ms, floor);
    },
    result: () => outcome,
    variant: { gain: one / Math.max(ms, floor), alone: alone / one, jobs, byMemory: floor > ms } satisfies Modelled,
  };
}

export async function load(mode: 'real' | 'model', threads?: string): Promise<Subject<Task & { measured?: Measured }>> {
  if (mode === 'real') {
    const engine = await loadEngine('wasm');
    const [{ random }, { optimizer }, { MLPRegressor }] = await Promise.all([
      import('bitgrad/wasm'),
      import('bitgrad/train'),
      import('bitgrad/model'),
    ]);
    const library = { engine, random, optimizer, MLPRegressor };
    const { version, threads: working, threadsReason } = engine.info();
    return {
      version: `${version}, threads: ${working} (${threadsReason})`,
      prepare: async (task) => (await workOf(library, task)) as Prepared,
    };
  }
  const { engine, crew } = simulatedEngine(Number(threads));
  const [{ random }, { optimizer }, { MLPRegressor }] = await Promise.all([
    import('../../src/wasm.js'),
    import('../../src/train/index.js'),
    import('../../src/model/index.js'),
  ]);
  const library = { engine, random, optimizer, MLPRegressor } as unknown as Library;
  return {
    version: `${engine.info().version}, simulated threads: ${crew.size}`,
    prepare: async ({ measured, ...task }) =>
      simulate(crew, await workOf(library, task as Task), task as Task, measured as Measured),
  };
}
