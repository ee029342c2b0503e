// Threads that come to nothing for a while, as a program: node starved.mjs <how>. Prints JSON: whether all bits were those of one
// thread, and how many threads there are in the end.

// @ts-check

import { spawn } from 'node:child_process';
import { createEngine } from 'bitgrad';

const [, , how] = process.argv;
const THREADS = 3;
const BUSY = 8;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const loop = (/** @type {string} */ text, /** @type {string[]} */ ...args) =>
  spawn(process.execPath, ['-e', text, ...args], { stdio: 'ignore' });

const engines = [1, THREADS].map((threads) => createEngine({ threads }));
const works = engines.map((engine) => {
  const numbers = (/** @type {number} */ n) => Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const net = engine.network({ inputs: 8, layers: [{ units: 32, activation: 'tanh' }, 2], seed: 1 });
  const X = engine.matrix({ rows: 6000, cols: 8, data: numbers(48000) });
  const y = engine.matrix({ rows: 6000, cols: 2, data: numbers(12000) });
  const a = engine.matrix({ rows: 200, cols: 200, data: numbers(40000) });
  return () => {
    const { weights } = net.gradients(X, y);
    const words = new Int32Array(Float64Array.from([...weights[0].data, ...engine.matmul(a, a).data]).buffer);
    return words.reduce((sum, word) => Math.imul(sum ^ word, 16777619), 7);
  };
});
const [one, many] = works;
const expected = one();
for (let i = 0; i < 1000 && engines[1].info().threads < THREADS; i++) {
  many();
  await pause(10);
}
const before = engines[1].info().threads;

const others =
  how === 'busy'
    ? Array.from({ length: BUSY }, () => loop('while (true);'))
    : // Stops all threads of this process for longer than one that is lost is waited for, again and again.
      [
        loop(
          `const pid = Number(process.argv[1]);
           const stop = () => { process.kill(pid, 'SIGSTOP'); setTimeout(() => { process.kill(pid, 'SIGCONT'); setTimeout(stop, 150); }, 1500); };
           setTimeout(stop, 100);`,
          String(process.pid),
        ),
      ];
let calls = 0;
let wrong = 0;
for (const end = performance.now() + 6000; performance.now() < end; calls++) {
  if (many() !== expected) wrong++;
  if (calls % 20 === 0) await pause(0);
}
for (const other of others) other.kill('SIGKILL');
process.stdout.write(JSON.stringify({ before, after: engines[1].info().threads, calls, wrong }));
