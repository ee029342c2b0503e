// Workers: no more at once than there are threads, kept from one training to the next, started only where that pays; and
// errors that come from one.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { engine, random } from 'bitgrad';
import { type FitOptions, train } from 'bitgrad/train';
import { describe, expect, test } from 'vitest';
import * as coreErrors from '../../src/checks/errors.js';
import { CLASSES, packError, reviveError } from '../../src/train/background/failures.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const rng = random(1);
const X = rng.randn(10, 2);
const y = rng.randn(10, 1);
const network = () => engine.network({ inputs: 2, layers: [3, 1] });

/** What a program prints that counts the threads it has. */
async function run(code: string, flags: string[] = [], env = {}): Promise<string> {
  const program = `
    import { engine, random } from 'bitgrad';
    import { train } from 'bitgrad/train';
    import { Worker } from 'node:worker_threads';
    const rng = random(1);
    const X = rng.randn(10, 2);
    const y = rng.randn(10, 1);
    const network = () => engine.network({ inputs: 2, layers: [3, 1] });
    const threads = { now: 0, most: 0, all: 0 };
    const known = new WeakSet();
    const { on } = Worker.prototype;
    Worker.prototype.on = function (event, listener) {
      if (event === 'exit' && !known.has(this)) {
        known.add(this);
        threads.all++;
        threads.most = Math.max(threads.most, ++threads.now);
        on.call(this, 'exit', () => threads.now--);
      }
      return on.call(this, event, listener);
    };
    ${code}
  `;
  const args = [...flags, '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
  return stdout.trim();
}

describe.concurrent('how many there are', () => {
  test('twelve trainings at once share as many workers as there are threads, which are kept', async () => {
    const printed = await run(`
      const nets = Array.from({ length: 12 }, network);
      const fit = (net) => net.fit(X, y, { background: true, epochs: 30 });
      const histories = await Promise.all(nets.map(fit));
      const alike = new Set(nets.map((net) => net.parameters.join())).size;
      const { most, all } = threads;
      for (let i = 0; i < 5; i++) await fit(nets[0]);
      console.log(JSON.stringify([histories.length, alike, most, all, threads.all]));
    `);
    const limit = availableParallelism();
    const [finished, alike, most, all, later] = JSON.parse(printed);
    expect([finished, alike]).toEqual([12, 1]);
    expect(most).toBeLessThanOrEqual(limit);
    expect(all).toBeLessThanOrEqual(limit);
    expect(later).toBe(all);
  });

  test('one that waits for its turn can be aborted; the others go on, and its turn goes to the next', async () => {
    const printed = await run(`
      const controllers = Array.from({ length: 8 }, () => new AbortController());
      const hold = [];
      const runs = controllers.map(({ signal }, i) => network().fit(X, y, {
        background: true, epochs: 3, signal, onEpoch: () => new Promise((resolve) => { hold.push(resolve); setTimeout(resolve, 60); }),
      }).then(() => 'done', ({ message }) => message));
      setTimeout(() => { for (const i of [3, 4, 7]) controllers[i].abort(new Error('enough')); }, 20);
      console.log((await Promise.all(runs)).join(' '));
    `);
    const limit = availableParallelism();
    const wanted = Array.from({ length: 8 }, (_, i) => ([3, 4, 7].includes(i) ? 'enough' : 'done'));
    expect(limit).toBeGreaterThan(0);
    expect(printed).toBe(wanted.join(' '));
  });

  test('one that holds much memory is not kept, nor one that was aborted or has failed', async () => {
    const printed = await run(`
      const wide = engine.network({ inputs: 400, layers: [2] });
      const rows = 25_000;
      const zeros = (cols) => ({ rows, cols, data: new Float64Array(rows * cols) });
      await wide.fit(zeros(400), zeros(2), { background: true, epochs: 1 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const big = threads.now;
      await network().fit(X, y, { background: true, epochs: 1e9, signal: AbortSignal.timeout(300) }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
      console.log(JSON.stringify([big, threads.now, threads.all]));
    `);
    expect(JSON.parse(printed)).toEqual([0, 0, 2]);
  });

  test('a kept worker ends after some seconds without work', async () => {
    const printed = await run(`
      await network().fit(X, y, { background: true, epochs: 1 });
      const kept = threads.now;
      await new Promise((resolve) => setTimeout(resolve, 3500));
      console.log(kept, threads.now);
    `);
    expect(printed).toBe('1 0');
  });
});

describe('where a training runs', () => {
  const rows = (n: number) => ({ X: rng.randn(n, 2), y: rng.randn(n, 1) });

  test.each<[string, number, FitOptions, string]>([
    ['ten rows', 10, {}, 'main'],
    ['ten rows, many epochs', 10, { epochs: 100_000, onEpoch: () => false }, 'worker'],
    ['many rows', 60_000, { epochs: 5 }, 'worker'],
    ['few evaluations of lbfgs', 1000, { optimizer: { name: 'lbfgs', maxFunctionCalls: 3 }, epochs: 1000 }, 'main'],
    ['many evaluations of lbfgs', 10_000, { optimizer: 'lbfgs', epochs: 30 }, 'worker'],
    ['ten rows, insisting', 10, { background: true }, 'worker'],
    ['many rows, declining', 60_000, { epochs: 5, background: false }, 'main'],
  ])('%s', async (_, n, options, where) => {
    const data = rows(n);
    const { ran } = await network().fit(data.X, data.y, options);
    const because = where === 'main' && options.background === undefined;
    expect(ran).toEqual({
      where,
      backend: 'wasm',
      ...(because && { reason: 'a worker would cost more than so little work' }),
    });
  });

  test('blocks, of which nobody knows how many there are, go to a worker', async () => {
    const { ran } = await train(network(), { blocks: 1, read: () => ({ X, y }) }, { epochs: 1 });
    expect(ran).toEqual({ where: 'worker', backend: 'wasm' });
  });

  test('where a worker cannot have WebAssembly, TypeScript runs in it, and says why; the bits are the same', async () => {
    const printed = await run(
      `
      const here = network();
      const there = network();
      await here.fit(X, y, { background: false });
      const { ran } = await there.fit(X, y, { background: true });
      console.log(JSON.stringify([here.parameters.join() === there.parameters.join(), ran]));
    `,
      [],
      { NODE_OPTIONS: `--import=${new URL('without-wasm.mjs', import.meta.url).href}` },
    );
    const [same, ran] = JSON.parse(printed);
    expect(same).toBe(true);
    expect(ran).toEqual({ where: 'worker', backend: 'ts', reason: expect.stringContaining('no memory for you') });
  });

  test.each(['wasm', 'ts'])('what the environment chooses for programs is no matter of workers: %s', async (forced) => {
    const printed = await run(
      `
      const { createEngine } = await import('bitgrad');
      const ran = [];
      for (const backend of ['wasm', 'ts']) {
        const net = createEngine({ backend }).network({ inputs: 2, layers: [3, 1] });
        ran.push((await net.fit(X, y, { background: true })).ran);
      }
      console.log(JSON.stringify(ran));
    `,
      [],
      { BITGRAD_BACKEND: forced },
    );
    expect(JSON.parse(printed)).toEqual([
      { where: 'worker', backend: 'wasm' },
      { where: 'worker', backend: 'ts' },
    ]);
  });

  test('where none can be started the main thread takes over and says why, unless one is insisted on', async () => {
    const printed = await run(
      `
      const data = { blocks: 1, read: () => ({ X, y }) };
      const { ran } = await train(network(), data, { epochs: 2 });
      const insisted = await network().fit(X, y, { background: true }).catch(({ name, message, cause }) => [name, message, cause.message]);
      console.log(JSON.stringify([ran, insisted]));
    `,
      [],
      { NODE_OPTIONS: `--import=${new URL('without-workers.mjs', import.meta.url).href}` },
    );
    const [ran, insisted] = JSON.parse(printed);
    expect(ran).toEqual({ where: 'main', backend: 'wasm', reason: 'no worker can be started: no threads for you' });
    expect(insisted).toEqual(['WorkerError', 'no worker can be started: use background: false', 'no threads for you']);
  });

  test('a thread that takes its time to start is waited for: the machine may be slow', async () => {
    const printed = await run(`
      const own = (await import('node:worker_threads')).default;
      own.Worker = class extends Worker {
        constructor(text, options) {
          super('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);' + text, options);
        }
      };
      console.log(JSON.stringify((await network().fit(X, y, { background: true })).ran));
    `);
    expect(JSON.parse(printed)).toEqual({ where: 'worker', backend: 'wasm' });
  });
});

describe('a worker that the caller starts', () => {
  const program = new URL(import.meta.resolve('bitgrad/worker'));
  /** Threads that run this, and a count of them. */
  function starter(code: string | URL) {
    const all: Worker[] = [];
    const createWorker = () => {
      const worker = new Worker(code, { eval: typeof code === 'string' });
      all.push(worker);
      return worker;
    };
    return { all, createWorker };
  }
  const options = { epochs: 100_000, onEpoch: () => false };

  test('serves trainings with that function alone, and is kept for them', async () => {
    const [first, second] = [starter(program), starter(program)];
    for (const { createWorker } of [first, second, first]) {
      const { ran } = await network().fit(X, y, { background: true, epochs: 2, createWorker });
      expect(ran).toEqual({ where: 'worker', backend: 'wasm' });
    }
    expect([first.all.length, second.all.length]).toEqual([1, 1]);
  });

  test.each([
    ['says nothing', 'setInterval(() => {}, 1000)', 'it did not load within 2 s'],
    ['says something else', "require('worker_threads').parentPort.postMessage('hello')", 'it is no worker of bitgrad'],
    ['throws', "throw new Error('not today')", 'not today'],
    ['ends', 'process.exit(3)', 'the worker ended with exit code 3'],
  ])('one that %s is given up for the main thread, unless it was insisted on', async (_, code, cause) => {
    const { all, createWorker } = starter(code);
    const ended: Promise<unknown>[] = [];
    const watched = () => {
      const worker = createWorker();
      ended.push(new Promise((resolve) => worker.once('exit', resolve)));
      return worker;
    };
    const start = performance.now();
    const { ran } = await network().fit(X, y, { ...options, createWorker: watched });
    expect(ran).toEqual({ where: 'main', backend: 'wasm', reason: `no worker can be started: ${cause}` });
    const insisting = network().fit(X, y, { ...options, createWorker: watched, background: true });
    await expect(insisting).rejects.toMatchObject({ name: 'WorkerError', cause: { message: cause } });
    // Twice 2 s at most, on a busy machine.
    expect(performance.now() - start).toBeLessThan(8000);
    await Promise.all(ended);
    expect(all.length).toBe(2);
  });

  test('a signal does not wait for it', async () => {
    const { createWorker } = starter('setInterval(() => {}, 1000)');
    const net = network();
    const start = performance.now();
    const run = net.fit(X, y, { background: true, createWorker, signal: AbortSignal.timeout(50) });
    await expect(run).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - start).toBeLessThan(1000);
    await net.fit(X, y, { epochs: 1, background: false });
  });

  test('what is no function is refused; a function that throws is a reason', async () => {
    await expect(network().fit(X, y, { createWorker: 1 as never })).rejects.toThrow(
      '"createWorker" must be a function',
    );
    const createWorker = () => {
      throw new Error('not here');
    };
    const { ran } = await network().fit(X, y, { ...options, createWorker });
    expect(ran.reason).toBe('no worker can be started: not here');
  });
});

describe('errors from a worker', () => {
  test('every class of error of the package is on the list that revives them', () => {
    // The tool's own are thrown by nothing that runs in a worker.
    const tool = /^(cli|report|export|tables|formats)[/\\]/;
    const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !tool.test(name),
    );
    const found = sources.flatMap((name) => {
      const text = readFileSync(`${ROOT}src/${name}`, 'utf8');
      return [...text.matchAll(/export class (\w+) extends (?:\w*Error)\b/g)].map(([, each]) => each);
    });
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter((name) => !Object.hasOwn(CLASSES, name))).toEqual([]);
  });

  test('class, message, code, other fields and causes survive', () => {
    for (const [name, Class] of Object.entries(CLASSES)) {
      const cause = Object.assign(new Error('no space left', { cause: new RangeError('deep') }), {
        code: 'ENOSPC',
        errno: -28,
        path: '/disk',
      });
      const error = new Class('what happened', { cause });
      const back = reviveError(structuredClone(packError(error)));
      expect(back).toBeInstanceOf(Class);
      expect([back.name, back.message, back.stack]).toEqual([name, 'what happened', error.stack]);
      expect(back.cause).toMatchObject({ message: 'no space left', code: 'ENOSPC', errno: -28, path: '/disk' });
      expect((back.cause as Error).cause).toBeInstanceOf(RangeError);
    }
    expect(reviveError(packError('a text')).message).toBe('a text');
    expect(reviveError(packError(null)).message).toBe('null');
    const strange = Object.assign(new Error('x'), { name: 'StrangeError', code: 'E1' });
    expect(reviveError(structuredClone(packError(strange)))).toMatchObject({ name: 'StrangeError', code: 'E1' });
    const circle = new Error('round');
    circle.cause = circle;
    expect(reviveError(packError(circle)).message).toBe('round');
    expect(Object.keys(coreErrors).filter((name) => name.endsWith('Error')).length).toBeGreaterThan(7);
  });

  test('a checkpoint that cannot be written says so with its code, from either side', async () => {
    const outcome = (background: boolean) =>
      network()
        .fit(X, y, { background, epochs: 2, checkpoint: { path: '/dev/null/x' } })
        .catch(({ name, cause }: { name: string; cause?: { code?: string } }) => [name, cause?.code]);
    const [here, there] = [await outcome(false), await outcome(true)];
    expect(there).toEqual(here);
    expect(here).toEqual(['ValueError', 'ENOTDIR']);
  });
});
