// Training in a worker, through the built package: the same bits, a free event loop, crashes, aborts; checkpoints and resuming,
// after SIGKILL at any moment too.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine, engine } from 'bitgrad';
import { train, WorkerError } from 'bitgrad/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { LONG } from '../support/long.js';
import { bits, data, FIT, OPTIONS } from '../support/trainings.mjs';

const PROGRAM = fileURLToPath(new URL('../support/trainings.mjs', import.meta.url));
const KILLS = LONG ? 50 : 6;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

type FitOptions = NonNullable<Parameters<ReturnType<typeof engine.network>['fit']>[2]>;
const network = (options = {}) => engine.network({ ...OPTIONS, ...options });
const fit = (options = {}) => ({ ...FIT, ...options }) as FitOptions;

describe('in a worker', () => {
  const { X, y } = data(400);

  test.each(['wasm', 'ts'] as const)(
    'the bits and the history are those of background: false (%s)',
    async (backend) => {
      const own = createEngine({ backend });
      for (const dtype of ['f64', 'f32'] as const) {
        const here = own.network({ ...OPTIONS, dtype });
        const there = own.network({ ...OPTIONS, dtype });
        const a = await here.fit(X, y, fit({ epochs: 4, background: false }));
        const b = await there.fit(X, y, fit({ epochs: 4, background: true }));
        expect(bits(there)).toBe(bits(here));
        const same = { seconds: [], totalSeconds: 0, ran: undefined };
        expect({ ...b, ...same }).toEqual({ ...a, ...same });
        // How many threads there are is a matter of time.
        expect([a.ran, b.ran]).toMatchObject([
          { where: 'main', backend },
          { where: 'worker', backend },
        ]);
      }
    },
  );

  test('weights, given validation sets, blocks and reports go both ways', async () => {
    const sampleWeight = y.map((_, i) => 1 + (i % 3));
    const options = { epochs: 3, validationSplit: undefined, validationData: data(50), sampleWeight };
    const here = network();
    const there = network();
    await here.fit(X, y, fit({ ...options, background: false }));
    const reports: number[] = [];
    const batches: number[] = [];
    await there.fit(
      X,
      y,
      fit({
        ...options,
        onEpoch: ({ epoch }: { epoch: number }) => reports.push(epoch),
        onBatch: ({ batch }: { batch: number }) => batches.push(batch),
      }),
    );
    expect(bits(there)).toBe(bits(here));
    expect(reports).toEqual([1, 2, 3]);
    expect(batches).toHaveLength(3 * 13);
    const blocks = async function* () {
      for (let i = 0; i < 4; i++) yield { X: X.slice(100 * i, 100 * i + 100), y: y.slice(100 * i, 100 * i + 100) };
    };
    const [c, d] = [network(), network()];
    await train(c, blocks, { epochs: 3, background: false });
    await train(d, blocks, { epochs: 3, background: true });
    expect(bits(d)).toBe(bits(c));
  });

  test('iterating: each epoch has its parameters, and break ends the worker', async () => {
    const net = network();
    const seen: string[] = [];
    for await (const { epoch } of net.train(X, y, fit({ epochs: 100 }))) {
      seen.push(bits(net));
      if (epoch === 3) break;
    }
    expect(new Set(seen).size).toBe(3);
    const twin = network();
    const wanted: string[] = [];
    await twin.fit(
      X,
      y,
      fit({
        epochs: 100,
        background: false,
        onEpoch: ({ epoch }: { epoch: number }) => {
          wanted.push(bits(twin));
          return epoch < 3;
        },
      }),
    );
    expect(seen).toEqual(wanted);
  });

  test('abort stops it, with the last finished epoch in place', async () => {
    const net = network();
    const controller = new AbortController();
    const seen: string[] = [];
    const run = net.fit(
      X,
      y,
      fit({
        epochs: 1e6,
        schedule: 'constant',
        signal: controller.signal,
        onEpoch: ({ epoch }: { epoch: number }) => {
          seen.push(bits(net));
          if (epoch === 5) setTimeout(() => controller.abort(new Error('enough')), 20);
        },
      }),
    );
    await expect(run).rejects.toThrow('enough');
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen).toContain(bits(net));
  });

  test('errors keep their class; numbers that grow too large leave the parameters before that batch', async () => {
    const net = network();
    const run = net.fit(X, y, fit({ optimizer: { name: 'sgd', learningRate: 1e308 }, schedule: 'constant' }));
    await expect(run).rejects.toMatchObject({
      name: 'NonFiniteError',
      message: expect.stringMatching(/^epoch 1, batch \d/),
    });
    expect(net.parameters.every(Number.isFinite)).toBe(true);
    expect(net.parameters).not.toEqual(network().parameters);
  });

  test('a crash of the worker rejects with its cause', async () => {
    const path = join(folder, 'no', 'such', 'folder');
    await expect(network().fit(X, y, fit({ checkpoint: { path } }))).rejects.toThrow(
      /"checkpoint.path" is .*, but the folder .* cannot be read/,
    );
    const code = `
      import { engine } from 'bitgrad';
      import { data, FIT, OPTIONS } from ${JSON.stringify(new URL('../support/trainings.mjs', import.meta.url).href)};
      import { Worker } from 'node:worker_threads';
      const { X, y } = data(400);
      const terminate = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, transfer) {
        if (message.type === 'answer') this.terminate();
        return terminate.call(this, message, transfer);
      };
      const net = engine.network(OPTIONS);
      let last;
      await net.fit(X, y, { ...FIT, onEpoch() { last = [...net.parameters]; } }).then(
        () => console.log('finished'),
        (error) => console.log(error.name, String(error.cause), net.parameters.every((x, i) => x === last[i])),
      );
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    expect(stdout.trim()).toBe('WorkerError Error: the worker ended with exit code 1 true');
    expect(WorkerError.name).toBe('WorkerError');
  });

  test('the event loop stays free: p99 of its delay is below 20 ms', async () => {
    const rng = random(1);
    const wide = engine.network({ inputs: 256, layers: [{ units: 256, activation: 'relu' }, 10], dtype: 'f32' });
    const big = { X: rng.randn(4000, 256), y: rng.randn(4000, 10) };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const history = await wide.fit(big.X, big.y, { epochs: 15 });
    expect(history.ran.where).toBe('worker');
    delay.disable();
    const busy = history.seconds.reduce((sum, x) => sum + x, 0);
    expect(busy).toBeGreaterThan(0.2); // there was something to hold it up
    expect(delay.percentile(99) / 1e6).toBeLessThan(20);
  });
});

describe('checkpoints', () => {
  const { X, y } = data(400);
  const run = (path: string, epochs: number) => promisify(execFile)(process.execPath, [PROGRAM, path, String(epochs)]);
  let wanted = '';
  beforeAll(async () => {
    wanted = (await run(join(folder, 'whole'), 40)).stdout;
  });

  test(`resumed after ${KILLS} kills at random moments, the same bits and the same history`, async () => {
    const rng = random(7);
    const path = join(folder, 'killed');
    let killed = 0;
    let epochs = 0;
    while (killed < KILLS) {
      const child = spawn(process.execPath, [PROGRAM, path, '40']);
      // From before the start to after the end, the moments between epochs and within writes among them.
      const timer = setTimeout(() => child.kill('SIGKILL'), 60 + rng.rand() * 130);
      const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
      clearTimeout(timer);
      killed++;
      if (signal !== null) continue;
      epochs++;
      await Promise.all([path, `${path}.1`].map((name) => rm(name, { force: true }))); // it finished: once more from the start
    }
    expect((await run(path, 40)).stdout).toBe(wanted);
    expect(epochs).toBeLessThan(KILLS);
    const left = (await readdir(folder)).filter((name) => name.startsWith('killed'));
    expect(left.sort()).toEqual(['killed', 'killed.1']);
  });

  test('more epochs can be asked for; another training is refused, by what differs', async () => {
    const path = join(folder, 'more');
    const constant = fit({ schedule: 'constant', checkpoint: { path, resume: true } });
    const net = network();
    await net.fit(X, y, { ...constant, epochs: 3 });
    await net.fit(X, y, { ...constant, epochs: 6 });
    const once = network();
    await once.fit(X, y, fit({ schedule: 'constant', epochs: 6, background: false }));
    expect(bits(net)).toBe(bits(once));
    const halved = { ...constant, schedule: (epoch: number) => 0.5 ** epoch };
    const changing = join(folder, 'changing');
    const second = network();
    await second.fit(X, y, { ...halved, epochs: 3, checkpoint: { path: changing } });
    await second.fit(X, y, { ...halved, epochs: 5, checkpoint: { path: changing, resume: true } });
    const straight = network();
    await straight.fit(X, y, { ...halved, epochs: 5, checkpoint: undefined });
    expect(bits(second)).toBe(bits(straight));
    await expect(
      second.fit(X, y, { ...halved, schedule: () => 0.1, checkpoint: { path: changing, resume: true } }),
    ).rejects.toThrow(/is of another training: its schedule.rates.0 is 1, here it is 0.1/);
    await expect(net.fit(X, y, { ...constant, batchSize: 16 })).rejects.toThrow(
      /is of another training: its batchSize is 32, here it is 16/,
    );
    await expect(net.fit(X.slice(1), y.slice(1), constant)).rejects.toThrow(/its rows is 400, here it is 399/);
  });

  test('what a callback stopped goes on; what a killed process left is removed', async () => {
    const path = join(folder, 'stopped');
    const options = fit({ schedule: 'constant', epochs: 6, checkpoint: { path, resume: true } });
    const net = network();
    const { stopReason } = await net.fit(X, y, { ...options, onEpoch: ({ epoch }) => epoch < 2 });
    expect(stopReason).toBe('callback');
    // Of a writer that held the lock; and of one of which nothing is known.
    await writeFile(`${path}.0123456789ab-123-456-0123456789abcdef.locked.tmp`, 'half');
    await writeFile(`${path}.tmp`, 'not ours');
    const history = await net.fit(X, y, options);
    expect([history.epochs, history.stopReason]).toEqual([6, 'epochs']);
    const once = network();
    await once.fit(X, y, { ...options, checkpoint: undefined });
    expect(bits(net)).toBe(bits(once));
    const left = (await readdir(folder)).filter((name) => name.startsWith('stopped'));
    expect(left.sort()).toEqual(['stopped', 'stopped.tmp']);
  });

  test('a damaged file is refused with what is wrong, and the one before it used', async () => {
    const path = join(folder, 'damaged');
    const options = fit({ schedule: 'constant', checkpoint: { path, resume: true, keep: 2 } });
    await network().fit(X, y, { ...options, epochs: 4 });
    const whole = await readFile(path);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 3] ^= 1;
    await writeFile(path, flipped);
    const net = network();
    await net.fit(X, y, { ...options, epochs: 5 });
    const once = network();
    await once.fit(X, y, fit({ schedule: 'constant', epochs: 5, background: false }));
    expect(bits(net)).toBe(bits(once));
    await writeFile(path, flipped);
    await writeFile(`${path}.1`, whole.subarray(0, 100));
    await expect(network().fit(X, y, options)).rejects.toThrow(
      /no checkpoint can be used: .*checksum is wrong.*header/,
    );
    await writeFile(path, 'something else');
    await expect(network().fit(X, y, options)).rejects.toMatchObject({ name: 'FileFormatError' });
  });
});
