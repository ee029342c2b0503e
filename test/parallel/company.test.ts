// Engines with threads in company: beside each other, in worker threads and processes of a cluster; and what they cost while nobody calls.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

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

test('threads that have nothing to do take no time of the processor', async () => {
  const busy = await print(`
    const engine = await ready(createEngine({ threads: 4 }), 4);
    await pause(200);
    const before = process.cpuUsage();
    await pause(2000);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify((user + system) / 2e6));`);
  expect(busy).toBeLessThan(0.01);
});
