// Abort reaches a training wherever it is, within 250 ms; and one that nobody goes on with keeps no process alive.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engine, random } from 'bitgrad';
import { type FitOptions, type TrainingData, train } from 'bitgrad/train';
import { describe, expect, test } from 'vitest';

const LIMIT_MS = 250;
const never = () => new Promise<never>(() => {});
const rng = random(1);
const small = { X: rng.randn(64, 4), y: rng.randn(64, 2) };
const big = { X: rng.randn(60_000, 64), y: rng.randn(60_000, 2) };
const network = (inputs = 4, units = 8) =>
  engine.network({ inputs, layers: [{ units, activation: 'tanh' }, 2], seed: 1 });
type Net = ReturnType<typeof network>;
const bits = (net: Net) => Buffer.from(net.parameters.slice().buffer).toString('hex');

interface Stuck {
  net?: Net;
  data: TrainingData;
  options?: FitOptions;
}

let folder = '';

/** Where a training may be when it is told to end. */
const PLACES: Record<string, () => Stuck> = {
  'onEpoch never settles': () => ({ data: small, options: { onEpoch: never } }),
  'onBatch never settles': () => ({ data: small, options: { onBatch: never } }),
  'a generator never yields': () => ({
    data: async function* () {
      yield small;
      await never();
    },
  }),
  'a generator never yields at first': () => ({ data: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) }),
  'a source never reads': () => ({ data: { blocks: 3, read: never } }),
  'a source that does not let go': () => ({
    data: async function* () {
      try {
        yield small;
        await never();
      } finally {
        await never();
      }
    },
  }),
  'rows are on their way': () => ({ net: network(64), data: big, options: { epochs: 1000 } }),
  'a large batch': () => ({ net: network(64, 128), data: big, options: { batchSize: 60_000 } }),
  'an lbfgs iteration': () => ({ net: network(64, 128), data: big, options: { optimizer: 'lbfgs' } }),
  'a validation pass': () => ({
    net: network(64, 128),
    data: small64,
    options: { validationData: big, metrics: ['r2'], epochs: 1e6 },
  }),
  'many epochs': () => ({ data: small, options: { epochs: 1e7 } }),
  'many epochs, with checkpoints': () => ({
    data: small,
    options: { epochs: 1e7, checkpoint: { path: join(folder, `${Math.random()}`), everyEpochs: 3 } },
  }),
};
const small64 = { X: rng.randn(64, 64), y: rng.randn(64, 2) };

describe.each([false, true])('background: %s', (background) => {
  test.each(Object.keys(PLACES))('%s', async (place) => {
    folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
    const { net = network(), data, options } = PLACES[place]();
    const controller = new AbortController();
    let last = bits(net);
    const written = () => {
      last = bits(net);
    };
    const run = train(net, data, {
      epochs: 1000,
      background,
      signal: controller.signal,
      ...options,
      onEpoch: undefined,
      callbacks: [{ onEpoch: written }, { onEpoch: options?.onEpoch }],
    }).then();
    const outcome = run.then(
      () => 'it finished',
      (error: unknown) => error,
    );
    await sleep(place === 'rows are on their way' ? 1 : 60);
    const reason = new Error('enough');
    const start = performance.now();
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    expect(performance.now() - start).toBeLessThan(LIMIT_MS);
    // The last finished epoch, and nothing writes to it any more.
    expect(bits(net)).toBe(last);
    await sleep(30);
    expect(bits(net)).toBe(last);
    net.dispose();
    await rm(folder, { recursive: true });
  });
});

describe('processes', () => {
  const run = async (code: string) => {
    const program = `
      import { engine } from 'bitgrad';
      import { train } from 'bitgrad/train';
      const X = [[0], [1], [2]];
      const y = [1, 3, 5];
      const net = engine.network({ inputs: 1, layers: [1] });
      ${code}
    `;
    const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      timeout: 20_000,
    });
    const { stdout, code: exit = 0 } = await child.catch((error) => error);
    return { stdout: stdout.trim(), exit };
  };
  /** Says at the end how long the process took to end; a kept worker would hold it up for 3 s. */
  const TIMED = `
    const end = performance.now();
    process.on('exit', () => console.log(performance.now() - end < 2500 ? 'ends' : 'was held up'));
  `;

  test.concurrent.each([
    ['onEpoch never settles', 'net.fit(X, y, { background, onEpoch: () => new Promise(() => {}) });'],
    ['onBatch never settles', 'net.fit(X, y, { background, onBatch: () => new Promise(() => {}) });'],
    ['a source never reads', 'train(net, { blocks: 2, read: () => new Promise(() => {}) }, { background }).then();'],
    [
      'a consumer that stops asking',
      'const epochs = net.train(X, y, { background })[Symbol.asyncIterator](); epochs.next().then(() => {});',
    ],
    ['a consumer that breaks off', 'for await (const _ of net.train(X, y, { background, epochs: 1e9 })) break;'],
    ['a kept worker', 'await net.fit(X, y, { background });'],
  ])('%s: the process ends', async (_, code) => {
    // On the main thread there is nothing that could keep it alive but what it waits for.
    const { stdout, exit } = await run(`const background = true; ${code} ${TIMED}`);
    expect([stdout, exit]).toEqual(['ends', 0]);
  });

  test('a training that is awaited is finished, in a worker and while it waits for a timer', async () => {
    const { stdout } = await run(`
      const { epochs } = await net.fit(X, y, { background: true, epochs: 20_000 });
      const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
      const { loss } = await net.fit(X, y, { background: true, epochs: 5, onEpoch: wait });
      console.log(epochs, loss.length);
    `);
    expect(stdout).toBe('20000 5');
  });

  test('an aborted worker is gone: the process ends', async () => {
    const { stdout } = await run(`
      const controller = new AbortController();
      const run = net.fit(X, y, { background: true, epochs: 1e9, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 200);
      await run.catch((error) => console.log(error.message));
      ${TIMED}
    `);
    expect(stdout).toBe('enough\nends');
  });
});
