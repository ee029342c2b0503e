// Engines with threads in company: beside each other, in worker threads and processes of a cluster; and what they cost while nobody calls.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { LONG } from '../support/long.js';

const run = promisify(execFile);

/** Prints what a program prints, which has `work(engine)`, the bits of products and gradients, and waits for threads by `ready`. */
async function print(program: string): Promise<unknown> {
  const text = `import { createEngine } from 'bitgrad';
    import cluster from 'node:cluster';
    import { isMainThread, parentPort, Worker } from 'node:worker_threads';
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const numbers = (n) => Float64Array.from({ length: n }, (_, i) => Math.sin(i) * (1 + (i % 7)));
    function work(engine) {
      const net = engine.network({ inputs: 8, layers: [{ units: 32, activation: 'tanh' }, 2], seed: 1 });
      const X = { rows: 3000, cols: 8, data: numbers(24000) };
      const { weights } = net.gradients(X, { rows: 3000, cols: 2, data: numbers(6000) });
      const a = { rows: 120, cols: 120, data: numbers(14400) };
      const bits = [...weights.map(({ data }) => data), engine.matmul(a, a).data, engine.sigmoid(numbers(20000))];
      net.dispose();
      let sum = 7;
      for (const part of bits) for (const word of new Int32Array(part.slice().buffer)) sum = Math.imul(sum ^ word, 16777619);
      return sum;
    }
    async function ready(engine, count) {
      for (let i = 0; i < 1000 && engine.info().threads < count; i++) { work(engine); await pause(10); }
      return engine;
    }
    ${program}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text]);
  return JSON.parse(stdout);
}

test('two engines, called in turns', async () => {
  const seen = await print(`
    const one = work(createEngine({ threads: 1 }));
    const [a, b] = [await ready(createEngine({ threads: 2 }), 2), await ready(createEngine({ threads: 3, backend: 'ts' }), 3)];
    const same = [];
    for (let i = 0; i < 10; i++) for (const engine of [a, b]) same.push(work(engine) === one);
    console.log(JSON.stringify({ threads: [a.info().threads, b.info().threads], same: same.every(Boolean) }));`);
  expect(seen).toEqual({ threads: [2, 3], same: true });
});

test('engines in worker threads: alone by themselves, and with as many as they are told', async () => {
  const seen = await print(`
    const program = \`import { createEngine } from 'bitgrad';
      import { parentPort } from 'node:worker_threads';
      \${[numbers, pause].map((each, i) => 'const ' + ['numbers', 'pause'][i] + ' = ' + each).join(';')};
      \${work}; \${ready};
      const auto = createEngine();
      const a = auto.zeros(700, 700);
      auto.matmul(a, a);
      const two = await ready(createEngine({ threads: 2 }), 2);
      const { threads, threadsReason } = auto.info();
      parentPort.postMessage([threads, threadsReason, two.info().threads, work(two)]);\`;
    const url = 'data:text/javascript,' + encodeURIComponent(program.replaceAll("'bitgrad'", JSON.stringify(import.meta.resolve('bitgrad'))));
    const answers = await Promise.all([1, 2].map(() => new Promise((resolve, reject) => {
      const worker = new Worker(new URL(url));
      worker.on('message', (message) => { resolve(message); worker.terminate(); });
      worker.on('error', reject);
    })));
    const one = work(createEngine({ threads: 1 }));
    console.log(JSON.stringify(answers.map(([threads, reason, two, bits]) => [threads, /in a worker/.test(reason), two, bits === one])));`);
  expect(seen).toEqual([
    [1, true, 2, true],
    [1, true, 2, true],
  ]);
});

test('engines in processes of a cluster: alone by themselves, and with as many as they are told', async () => {
  const seen = await print(`
    import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';
    const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
    const file = join(folder, 'child.mjs');
    writeFileSync(file, \`import { createEngine } from \${JSON.stringify(import.meta.resolve('bitgrad'))};
      \${[numbers, pause].map((each, i) => 'const ' + ['numbers', 'pause'][i] + ' = ' + each).join(';')};
      \${work}; \${ready};
      const auto = createEngine();
      const a = auto.zeros(700, 700);
      auto.matmul(a, a);
      const two = await ready(createEngine({ threads: 2 }), 2);
      process.send([auto.info().threads, auto.info().threadsReason, two.info().threads, work(two)]);
      process.disconnect();\`);
    cluster.setupPrimary({ exec: file, execArgv: [] });
    const answers = await Promise.all([1, 2].map(() => new Promise((resolve) => cluster.fork().on('message', resolve))));
    rmSync(folder, { recursive: true });
    const one = work(createEngine({ threads: 1 }));
    console.log(JSON.stringify(answers.map(([threads, reason, two, bits]) => [threads, /another has forked/.test(reason), two, bits === one])));
    process.exit();`);
  expect(seen).toEqual([
    [1, true, 2, true],
    [1, true, 2, true],
  ]);
});

test('engines in processes that were forked are alone by themselves', async () => {
  const seen = await print(`
    import { fork } from 'node:child_process';
    import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';
    const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
    const file = join(folder, 'child.mjs');
    writeFileSync(file, 'import { engine } from ' + JSON.stringify(import.meta.resolve('bitgrad')) + ';' +
      'const a = engine.zeros(700, 700); engine.matmul(a, a); process.send(engine.info().threadsReason); process.disconnect();');
    const reason = await new Promise((resolve) => fork(file, { execArgv: [] }).on('message', resolve));
    rmSync(folder, { recursive: true });
    console.log(JSON.stringify(/another has forked/.test(reason)));`);
  expect(seen).toBe(true);
});

test.runIf(LONG)('threads that have nothing to do take no time of the processor', async () => {
  const busy = await print(`
    const engine = await ready(createEngine({ threads: 4 }), 4);
    work(engine);
    await pause(50);
    const before = process.cpuUsage();
    await pause(5000);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify((user + system) / 5e6));`);
  expect(busy).toBeLessThan(0.01);
});

test.skipIf(process.platform !== 'linux')(
  'trainings that come and go share the cores, and have the bits of one thread',
  async () => {
    const seen = (await print(`
    import { availableParallelism } from 'node:os';
    import { readdirSync, readFileSync } from 'node:fs';
    const sampler = new Worker(\`
      const { readdirSync, readFileSync } = require('node:fs');
      const { parentPort } = require('node:worker_threads');
      const counts = [];
      setInterval(() => {
        let count = 0;
        for (const thread of readdirSync('/proc/self/task')) {
          try {
            if (/\\\\) R /.test(readFileSync('/proc/self/task/' + thread + '/stat', 'latin1'))) count++;
          } catch {} // it has ended
        }
        counts.push(count);
      }, 10);
      parentPort.on('message', () => { parentPort.postMessage(counts.splice(0)); });\`, { eval: true, execArgv: [] });
    const since = async () => {
      const answer = new Promise((resolve) => sampler.once('message', resolve));
      sampler.postMessage(0);
      return await answer;
    };
    const rows = 2000;
    const X = { rows, cols: 64, data: numbers(rows * 64) };
    const y = Array.from({ length: rows }, (_, i) => i % 4);
    const train = async (threads, epochs) => {
      const layers = [{ units: 256, activation: 'relu' }, { units: 4, activation: 'softmax' }];
      const net = createEngine({ threads }).network({ inputs: 64, layers, loss: 'crossEntropy', dtype: 'f32', seed: 1 });
      const { ran } = await net.fit(X, y, { epochs, batchSize: 128, seed: 1, background: true });
      return [ran.threads ?? 1, new Int32Array(net.parameters.slice().buffer).reduce((sum, word) => Math.imul(sum ^ word, 16777619), 7)];
    };
    const cores = availableParallelism();
    const epochs = ${LONG ? 150 : 100};
    const one = await train(1, epochs);
    const first = train('auto', epochs);
    await pause(200);
    const others = Array.from({ length: cores - 1 }, () => train('auto', epochs));
    await pause(150);
    await since();
    await Promise.race([first, ...others]);
    const counts = (await since()).sort((a, b) => a - b);
    const all = await Promise.all([first, ...others]);
    const alone = await train('auto', epochs);
    sampler.terminate();
    console.log(JSON.stringify({
      cores,
      runnable: counts[counts.length >> 1],
      same: [...all, alone].every(([, bits]) => bits === one[1]),
      alone: alone[0],
    }));`)) as { cores: number; runnable: number; same: boolean; alone: number };
    expect(seen.same).toBe(true);
    expect(seen.alone).toBe(seen.cores);
    // The one that looks is one of them.
    expect(seen.runnable).toBeLessThanOrEqual(seen.cores + 1);
  },
);
