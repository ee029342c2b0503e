// @ts-check
// What `npm start` runs: the notebook's example, then a network trained on real images by both backends.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Matrix, random } from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
// @ts-expect-error: cli-progress ships no types
import { SingleBar } from 'cli-progress';
import { parse } from 'csv-parse/sync';

const HELP = `Trains a 64-32-10 sigmoid network on 1,797 images of digits, in WebAssembly and in TypeScript.

  --epochs N   passes over the training images   (default 150)
  --rate R     learning rate                     (default 0.15)
  --seed S     of the split and the weights      (default 42)
  --help       this text`;

const [INPUTS, HIDDEN, OUTPUTS] = [64, 32, 10];
const [BATCHES, BATCH] = [45, 32]; // 1,440 images to train on; the other 357 are held out

/** The three numbers; on --help or a mistake, ends the process with the help text. */
function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = { epochs: text, rate: text, seed: text, help: { type: /** @type {const} */ ('boolean') } };
  try {
    const { epochs = 150, rate = 0.15, seed = 42, help } = parseArgs({ options }).values;
    if (help) {
      console.log(HELP);
      process.exit(0);
    }
    if (!(Number.isSafeInteger(+epochs) && +epochs > 0)) throw new Error('--epochs must be a positive integer');
    if (!(+rate > 0 && +rate < Infinity)) throw new Error('--rate must be a positive number');
    return { epochs: +epochs, rate: +rate, rng: random(Number(seed)) };
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** As NumPy prints a row. @param {Matrix} matrix */
const numpyText = (matrix) => `[[${[...matrix.data].map((x) => x.toFixed(8)).join(' ')}]]`;

/** @param {typeof wasm | typeof ts} backend */
function notebook({ engine, forwardAndBackward }) {
  const rng = random(42);
  const W1 = rng.rand(2, 3);
  const W2 = rng.rand(3, 1);
  const { output, outputGradient, hiddenGradient } = forwardAndBackward([[0.1, 0.2]], [[0.3]], W1, W2);
  console.log(`\n  backend: ${engine.backend}`);
  console.log(`  output           ${numpyText(output)}`);
  console.log(`  output gradient  ${numpyText(outputGradient)}`);
  console.log(`  hidden gradient  ${numpyText(hiddenGradient)}`);
}

/** The images in the order that the seed gives: pixels from 0 to 1, and the digits as rows of 0 and one 1. */
function readDigits(/** @type {import('bitgrad').RandomState} */ rng) {
  const text = readFileSync(new URL('data/digits.csv', import.meta.url));
  const rows = rng.permutation(parse(text).map((row) => row.map(Number)));
  const labels = rows.map((row) => row[INPUTS]);
  return {
    pixels: rows.map((row) => row.slice(0, INPUTS).map((value) => value / 16)),
    targets: labels.map((label) => Array.from({ length: OUTPUTS }, (_, digit) => (digit === label ? 1 : 0))),
    labels,
  };
}

/** Uniform around 0. @param {import('bitgrad').RandomState} rng @param {number} rows @param {number} cols */
function initialWeights(rng, rows, cols) {
  return Matrix.from({ rows, cols, data: rng.rand(rows * cols).map((x) => (2 * x - 1) / Math.sqrt(rows)) });
}

/** @typedef {{ pixels: number[][], targets: number[][], labels: number[], W1: Matrix, W2: Matrix }} Task */

/** @param {import('bitgrad').Engine} engine @param {Task} task @param {{ epochs: number, rate: number }} options */
function train(engine, task, { epochs, rate }) {
  // Everything below lives in the engine's memory: a step allocates nothing and copies nothing.
  const W1 = engine.matrix(task.W1);
  const W2 = engine.matrix(task.W2);
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    X: engine.matrix(task.pixels.slice(i * BATCH, (i + 1) * BATCH)),
    y: engine.matrix(task.targets.slice(i * BATCH, (i + 1) * BATCH)),
  }));
  const hidden = engine.zeros(BATCH, HIDDEN);
  const deltas = {
    output: engine.zeros(BATCH, OUTPUTS),
    outputGradient: engine.zeros(BATCH, OUTPUTS),
    hiddenGradient: engine.zeros(BATCH, HIDDEN),
  };
  const W1Gradient = engine.zeros(INPUTS, HIDDEN);
  const W2Gradient = engine.zeros(HIDDEN, OUTPUTS);

  const progress = showProgress(engine.backend, epochs);
  let milliseconds = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    let loss = 0;
    for (const { X, y } of batches) {
      engine.forwardAndBackwardInto(X, y, W1, W2, deltas);
      engine.sigmoidInto(engine.matmulInto(X, W1, hidden), hidden);
      engine.matmulInto(hidden, deltas.outputGradient, W2Gradient, { transposeA: true });
      engine.matmulInto(X, deltas.hiddenGradient, W1Gradient, { transposeA: true });
      engine.axpy(rate, W2Gradient, W2); // the gradients have the sign of y - output: adding descends
      engine.axpy(rate, W1Gradient, W1);
      loss += engine.mseLoss(y, deltas.output) / BATCHES;
    }
    milliseconds += performance.now() - start;
    progress(epoch, loss);
  }

  const [images, labels] = [task.pixels.slice(BATCHES * BATCH), task.labels.slice(BATCHES * BATCH)];
  const guesses = engine.sigmoid(engine.matmul(engine.sigmoid(engine.matmul(images, W1)), W2)).toArray();
  const right = guesses.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
  const hash = createHash('sha256').update(W1.data).update(W2.data).digest('hex');
  return { hash, milliseconds, accuracy: right / labels.length };
}

/** Shows a bar on a terminal, five lines elsewhere. @param {string} name @param {number} epochs */
function showProgress(name, epochs) {
  const format = `  ${name.padEnd(5)} {bar}  epoch {value}/{total}  loss {loss}`;
  const bar = process.stdout.isTTY && new SingleBar({ format, stream: process.stdout, hideCursor: true });
  if (bar) bar.start(epochs, 0, { loss: '' });
  return (/** @type {number} */ epoch, /** @type {number} */ loss) => {
    if (bar) bar.update(epoch, { loss: loss.toFixed(5) });
    else if (epoch === epochs || epoch % Math.ceil(epochs / 5) === 0) {
      console.log(`  ${name.padEnd(5)} epoch ${String(epoch).padStart(4)}/${epochs}  loss ${loss.toFixed(5)}`);
    }
    if (bar && epoch === epochs) bar.stop();
  };
}

const { epochs, rate, rng } = readOptions();

console.log('1. The notebook: X = [[0.1, 0.2]], y = [[0.3]], weights by random(42)');
for (const backend of [wasm, ts]) notebook(backend);

const shape = [INPUTS, HIDDEN, OUTPUTS].join('-');
console.log(`\n2. Real images: a ${shape} network, ${epochs} epochs on ${BATCHES * BATCH} images\n`);
const task = { ...readDigits(rng), W1: initialWeights(rng, INPUTS, HIDDEN), W2: initialWeights(rng, HIDDEN, OUTPUTS) };
const results = [wasm.engine, ts.engine].map((engine) => ({ engine, ...train(engine, task, { epochs, rate }) }));

console.log('\n  backend  seconds  held-out accuracy  SHA-256 of the weights');
for (const { engine, hash, milliseconds, accuracy } of results) {
  const seconds = (milliseconds / 1000).toFixed(2).padStart(7);
  console.log(`  ${engine.backend.padEnd(7)}  ${seconds}  ${`${(100 * accuracy).toFixed(1)} %`.padStart(17)}  ${hash}`);
}
const [fast, reference] = results;
const same = fast.hash === reference.hash;
const ratio = (reference.milliseconds / fast.milliseconds).toFixed(1);
console.log(`\n  ${same ? 'The same bits' : 'DIFFERENT BITS'}; WebAssembly was ${ratio} times as fast.`);
process.exitCode = same ? 0 : 1;
