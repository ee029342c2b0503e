// npm run bench:train: whole trainings against scikit-learn's, what fit adds to bare gradients, and how near an optimizer's
// step comes to the bandwidth of memory. One thread; subjects take turns, and are compared by the medians over the rounds.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Matrix, random } from 'bitgrad';
import { MLPClassifier, StandardScaler } from 'bitgrad/model';
import { parse } from 'csv-parse/sync';
import { PARTS } from '../../src/network/network.js';
import { Optimizer, readOptimizer } from '../../src/train/optimizers.js';
import * as wasm from '../../src/wasm.js';
import { median } from '../measure.js';
import { Sklearn } from './sklearn.js';

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

const milliseconds = (ms: number) => `${ms.toPrecision(3)} ms`;
const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

function report(what: string, wanted: string, figure: string, met: boolean | undefined): void {
  const verdict = met === undefined ? 'not measured' : met ? 'met' : 'NOT MET';
  console.log(`  ${what.padEnd(58)} ${wanted.padEnd(24)} ${figure.padEnd(26)} ${verdict}`);
}

const TRAININGS = [
  {
    name: 'digits 64-64-10, logistic, sgd, batch 64, 20 epochs, f32',
    wanted: 2,
    file: '../../examples/data/digits.csv',
    task: {
      inputs: 64,
      scale: 16,
      dtype: 'f32',
      hidden: [64],
      activation: 'logistic',
      solver: 'sgd',
      batchSize: 64,
      learningRate: 0.5,
      epochs: 20,
    },
  },
  {
    name: 'breast cancer 30-32-1, relu, adam, batch 32, 100 epochs, f64',
    wanted: 4,
    file: '../../test/fixtures/breast_cancer.csv',
    task: {
      inputs: 30,
      scale: 'standard',
      dtype: 'f64',
      hidden: [32],
      activation: 'relu',
      solver: 'adam',
      batchSize: 32,
      learningRate: 0.001,
      epochs: 100,
    },
  },
] as const;

/** Rows and labels, scaled as scikit-learn's side does. */
function read(path: string, { inputs, scale, dtype }: (typeof TRAININGS)[number]['task']) {
  const table: string[][] = parse(readFileSync(path, 'utf8'), { from: path.includes('digits') ? 1 : 2 });
  const rows = table.map((row) => row.slice(0, inputs).map(Number));
  const labels = table.map((row) => Number(row[inputs]));
  const scaled =
    scale === 'standard'
      ? new StandardScaler().fitTransform(rows)
      : Matrix.from(rows.map((row) => row.map((x) => x / scale)));
  const data = dtype === 'f32' ? Float32Array.from(scaled.data) : scaled.data;
  return { X: { rows: rows.length, cols: inputs, data }, labels };
}

async function trainings(): Promise<void> {
  const sklearn = await Sklearn.start();
  if (!sklearn) console.log('  no Python here has scikit-learn (Debian: python3-sklearn)');
  else console.log(`  against ${sklearn.version}, one thread`);
  for (const { name, wanted, file, task } of TRAININGS) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const { X, labels } = read(path, task);
    const { hidden, activation, solver, batchSize, learningRate } = task;
    const epochs = smoke ? 2 : task.epochs;
    const ours: number[] = [];
    const theirs: number[] = [];
    let accuracy = 0;
    let theirAccuracy = Number.NaN;
    for (let round = 0; round <= rounds; round++) {
      const model = new MLPClassifier({
        hiddenLayerSizes: [...hidden],
        activation,
        solver,
        batchSize,
        learningRateInit: learningRate,
        maxIter: epochs,
        momentum: 0,
        nesterovsMomentum: false,
        alpha: 0,
        tol: 0,
        nIterNoChange: 1e9,
        randomState: 1,
        background: false,
      });
      const start = performance.now();
      await model.fit(X, labels);
      const took = performance.now() - start;
      accuracy = model.score(X, labels);
      model.dispose();
      const answer = await sklearn?.run({ ...task, path, epochs });
      if (round === 0 && !smoke) continue; // to warm up
      ours.push(took);
      if (answer) {
        theirs.push(1000 * answer.seconds);
        theirAccuracy = answer.accuracy;
      }
    }
    const [a, b] = [median(ours), theirs.length ? median(theirs) : Number.NaN];
    const accuracies = `accuracy ${percent(accuracy)}, theirs ${percent(theirAccuracy)}`;
    report(name, `${wanted}x scikit-learn`, `${(b / a).toFixed(2)}x`, sklearn && b / a >= wanted);
    console.log(`      ${milliseconds(a)}, scikit-learn ${milliseconds(b)}; ${accuracies}`);
  }
  sklearn?.stop();
}

/** What fit takes beyond the gradients of the same batches. */
async function overhead(): Promise<void> {
  const [rows, batch, epochs] = [6400, 64, smoke ? 1 : 3];
  const rng = random(1);
  const { engine } = wasm;
  const make = () =>
    engine.network({
      inputs: 784,
      layers: [
        { units: 128, activation: 'relu' },
        { units: 10, activation: 'softmax' },
      ],
      loss: 'crossEntropy',
      dtype: 'f32',
    });
  const [fitted, bare] = [make(), make()];
  const X = engine.matrix(rng.rand(rows, 784), { dtype: 'f32' });
  const y = engine.zeros(rows, 10, { dtype: 'f32' });
  for (let i = 0; i < rows; i++) y.data[10 * i + (i % 10)] = 1;
  const batches = Array.from({ length: rows / batch }, (_, i) => ({
    X: engine.matrix({ rows: batch, cols: 784, data: X.data.slice(784 * batch * i, 784 * batch * (i + 1)) }),
    y: engine.matrix({ rows: batch, cols: 10, data: y.data.slice(10 * batch * i, 10 * batch * (i + 1)) }),
  }));
  const gradients = bare.zeroGradients();
  const all: number[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    let start = performance.now();
    const { seconds } = await fitted.fit(X, y, { background: false, epochs, batchSize: batch, optimizer: 'sgd' });
    const fit = 1000 * seconds.reduce((sum, x) => sum + x, 0);
    start = performance.now();
    for (let epoch = 0; epoch < epochs; epoch++) for (const { X, y } of batches) bare.gradientsInto(X, y, gradients);
    if (round === 0 && !smoke) continue;
    all[0].push(fit);
    all[1].push(performance.now() - start);
  }
  const [fit, plain] = all.map(median);
  report(
    'fit beyond bare gradients, 64x784-128-10, sgd, f32',
    'under 5 %',
    percent(fit / plain - 1),
    fit / plain < 1.05,
  );
}

/** Bytes that a step of adam moves, against a copy. */
function bandwidth(): void {
  const { engine } = wasm;
  const n = 2 ** 20;
  const net = engine.network({ inputs: 1024, layers: [{ units: 1024, bias: false }], dtype: 'f32' });
  const optimizer = new Optimizer(net[PARTS], readOptimizer('adam'));
  const gradients = net.zeroGradients();
  gradients.parameters.fill(0.01);
  // A copy of as many bytes as the step moves: it reads four vectors and writes three.
  const from = engine.zeros(1, 3.5 * n, { dtype: 'f32' });
  const to = engine.zeros(1, 3.5 * n, { dtype: 'f32' });
  const times: number[][] = [[], []];
  for (let round = 0; round <= 10 * rounds; round++) {
    let start = performance.now();
    optimizer.step(gradients.block.address);
    const step = performance.now() - start;
    start = performance.now();
    to.data.set(from.data);
    const copy = performance.now() - start;
    if (round === 0) continue;
    times[0].push(step);
    times[1].push(copy);
  }
  const [step, copy] = times.map(median);
  const rate = (ms: number) => `${((28 * n) / ms / 1e6).toFixed(1)} GB/s`;
  report('a step of adam, 1M parameters, f32', '60 % of a copy', percent(copy / step), copy / step >= 0.6);
  console.log(
    `      ${milliseconds(step)}, ${rate(step)}; a copy of as many bytes ${milliseconds(copy)}, ${rate(copy)}`,
  );
}

console.log(`Trainings (Node ${process.versions.node}, medians of ${rounds} turns)\n`);
await trainings();
await overhead();
bandwidth();
