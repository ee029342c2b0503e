// npm run bench:train: whole trainings against other libraries', and what training adds to gradients. One thread each;
// subjects take turns, and are compared by the medians over the rounds.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../measure.js';
import { type SubjectProcess, startNode, startPython } from '../process.js';
import { bandwidth, overhead } from './costs.js';
import { ROWS } from './mnist.mjs';
import type { Reply, Request } from './subject.js';
import { CSV, type Task } from './task.js';

const HELP = `Compares trainings.

  --rounds N   turns of each subject   (default 5)
  --smoke      one short turn, to see that everything runs
  --help       this text`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values } = parseArgs({ options: { rounds: text, smoke: flag, help: flag } });
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const smoke = values.smoke ?? false;
const rounds = smoke ? 1 : Number(values.rounds ?? 5);
if (!(Number.isSafeInteger(rounds) && rounds > 0)) throw new Error('--rounds must be a positive integer');

/** A process that does not answer for so long is given up. */
const PATIENCE_S = 300;

/** What is trained, and how many times as fast as others bitgrad is to be. */
const TRAININGS: { name: string; wanted: Record<string, number>; task: Task }[] = [
  {
    name: 'digits 64-64-10, logistic, sgd, batch 64, 20 epochs, f32',
    wanted: { 'scikit-learn': 2 },
    task: {
      data: 'digits',
      dtype: 'f32',
      inputs: 64,
      hidden: 64,
      activation: 'logistic',
      outputs: 10,
      solver: 'sgd',
      batchSize: 64,
      learningRate: 0.5,
      epochs: 20,
    },
  },
  {
    name: 'breast cancer 30-32-1, relu, adam, batch 32, 100 epochs, f64 (tfjs: f32)',
    wanted: { 'scikit-learn': 4, 'tfjs wasm': 4 },
    task: {
      data: 'breast cancer',
      dtype: 'f64',
      inputs: 30,
      hidden: 32,
      activation: 'relu',
      outputs: 1,
      solver: 'adam',
      batchSize: 32,
      learningRate: 0.001,
      epochs: 100,
    },
  },
  {
    name: 'MNIST 784-128-10, relu, adam, batch 128, 1 epoch, f32',
    wanted: { 'jax-js': 2 },
    task: {
      data: 'mnist',
      dtype: 'f32',
      inputs: 784,
      hidden: 128,
      activation: 'relu',
      outputs: 10,
      solver: 'adam',
      batchSize: 128,
      learningRate: 0.001,
      epochs: 1,
    },
  },
];
const MNIST = TRAININGS[2].task;
const MNIST_EPOCHS = 10;
const MNIST_ACCURACY = 0.975;
const MNIST_MB = 100;
const PROGRAM = fileURLToPath(new URL('mnist-memory.mjs', import.meta.url));

const seconds = (s: number) => (s < 1 ? `${(1000 * s).toPrecision(3)} ms` : `${s.toPrecision(3)} s`);
const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** What was wanted, what came, and whether that meets it. */
function report(wanted: string, figure: string, met: boolean | undefined): void {
  console.log(`  ${wanted.padEnd(44)} ${figure.padEnd(20)} ${met === undefined ? '' : met ? 'met' : 'NOT MET'}`);
}

type Process = SubjectProcess<Request, Reply>;

function start(name: string): Process {
  if (name !== 'scikit-learn') return startNode(new URL('subject.ts', import.meta.url), name);
  return startPython(new URL('python_subject.py', import.meta.url), 'sklearn', JSON.stringify(CSV));
}

async function ask(process: Process, request: Request): Promise<Reply> {
  const reply = await process.request(request, PATIENCE_S);
  if (reply.error !== undefined) throw new Error(reply.error);
  return reply;
}

interface Contestant {
  name: string;
  process?: Process;
  version?: string;
  seconds: number[];
  accuracy: number;
  /** Why it takes no part. */
  reason?: string;
}

/** Whatever goes wrong ends this subject's part; the others go on. */
async function attempt(contestant: Contestant, step: () => Promise<void>): Promise<void> {
  if (contestant.reason !== undefined) return;
  try {
    await step();
  } catch (error) {
    [contestant.reason] = (error as Error).message.split('\n');
  }
}

async function compare(name: string, wanted: Record<string, number>, task: Task): Promise<void> {
  const contestants: Contestant[] = ['bitgrad', ...Object.keys(wanted)].map((name) => {
    return { name, seconds: [], accuracy: 0 };
  });
  for (const each of contestants) {
    await attempt(each, async () => {
      each.process = start(each.name);
      each.version = (await ask(each.process, { op: 'load' })).version;
    });
  }
  for (let round = 0; round <= rounds; round++) {
    if (round === 0 && smoke) continue; // it warms up
    for (const each of contestants) {
      await attempt(each, async () => {
        const reply = await ask(each.process as Process, { op: 'train', task });
        if (round > 0) each.seconds.push(reply.seconds);
        each.accuracy = reply.accuracy;
      });
    }
  }
  console.log(name);
  for (const { name, version, reason, seconds: taken, accuracy, process } of contestants) {
    process?.dispose();
    const figures = reason ?? `${seconds(median(taken))}, accuracy ${percent(accuracy)}`;
    console.log(`    ${`${name} ${version ?? ''}`.padEnd(42)} ${figures}`);
  }
  const [ours, ...others] = contestants;
  if (ours.reason !== undefined) throw new Error(`bitgrad: ${ours.reason}`);
  for (const { name, reason, seconds } of others) {
    const ratio = reason === undefined ? median(seconds) / median(ours.seconds) : undefined;
    const figure = ratio === undefined ? 'not measured' : `${ratio.toFixed(2)}x`;
    report(`at least ${wanted[name]}x ${name}`, figure, ratio === undefined ? undefined : ratio >= wanted[name]);
  }
  console.log();
}

/** MNIST to the end, in a program that does nothing else: once on the main thread, once in a worker. */
function longer(task: Task, data: number): void {
  console.log(`MNIST, ${task.epochs} epochs`);
  for (const background of [false, true]) {
    const args = [PROGRAM, JSON.stringify({ ...task, background })];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${PROGRAM}: ${stderr.trim()}`);
    const { seconds: taken, accuracy, peakBytes } = JSON.parse(stdout);
    const beyond = peakBytes - data;
    console.log(`    ${(background ? 'in a worker' : 'on the main thread').padEnd(42)} ${seconds(taken)}`);
    if (background) {
      // It is to free the event loop, not to save memory: the worker has the rows too.
      report('memory, with the copy of the rows', `data + ${megabytes(beyond)}`, undefined);
      continue;
    }
    const wanted = `at least ${percent(MNIST_ACCURACY)} of the test rows right`;
    report(wanted, percent(accuracy), smoke ? undefined : accuracy >= MNIST_ACCURACY);
    const limit = `memory: data (${megabytes(data)}) + ${MNIST_MB} MB at most`;
    report(limit, `data + ${megabytes(beyond)}`, beyond <= MNIST_MB * 1e6);
  }
  console.log();
}

console.log(`Trainings (Node ${process.versions.node}, one thread, medians of ${rounds} turns)\n`);
for (const { name, wanted, task } of TRAININGS) await compare(name, wanted, smoke ? { ...task, epochs: 1 } : task);
longer({ ...MNIST, epochs: smoke ? 1 : MNIST_EPOCHS }, (ROWS.train + ROWS.t10k) * MNIST.inputs * 4);

console.log('What training adds to gradients');
const added = await overhead(rounds, smoke);
report('fit, 64x784-128-10, sgd, f32: under 5 %', percent(added), added < 0.05);
const { bytes, step, copy } = bandwidth(rounds);
report('a step of adam, 1M parameters, f32: 60 % of a copy', percent(copy / step), copy / step >= 0.6);
const rate = (ms: number) => `${ms.toPrecision(3)} ms, ${(bytes / ms / 1e6).toFixed(1)} GB/s`;
console.log(`    step ${rate(step)}; a copy of as many bytes ${rate(copy)}`);
