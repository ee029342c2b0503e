// @ts-check
// What `npm start` runs: the notebook's example, then a network trained on real images by both backends.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { random } from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { SingleBar } from 'cli-progress';
import { parse } from 'csv-parse/sync';

const HELP = `Trains a 64-128-10 network on 1,797 images of digits, in WebAssembly and in TypeScript.

  --epochs N   passes over the training images   (default 60)
  --rate R     learning rate                     (default 0.1)
  --seed S     of the split and the weights      (default 42)
  --help       this text`;

const [INPUTS, HIDDEN, OUTPUTS] = [64, 128, 10];
const [BATCHES, BATCH] = [45, 32]; // 1,440 images to train on; the other 357 are held out

/** The three numbers, and a generator; on --help or a mistake, ends the process with the help text. */
function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = { epochs: text, rate: text, seed: text, help: { type: /** @type {const} */ ('boolean') } };
  try {
    const { epochs = 60, rate = 0.1, seed = 42, help } = parseArgs({ options }).values;
    if (help) {
      console.log(HELP);
      process.exit(0);
    }
    if (!(Number.isSafeInteger(+epochs) && +epochs > 0)) throw new Error('--epochs must be a positive integer');
    if (!(+rate > 0 && +rate < Infinity)) throw new Error('--rate must be a positive number');
    return { epochs: +epochs, rate: +rate, seed: Number(seed), rng: random(Number(seed)) };
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** As NumPy prints a row. @param {import('bitgrad').Matrix} matrix */
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

/** The images in the order that the seed gives: pixels from 0 to 1, and the digits. */
function readDigits(/** @type {import('bitgrad').RandomState} */ rng) {
  const text = readFileSync(new URL('data/digits.csv', import.meta.url));
  const rows = rng.permutation(parse(text).map((row) => row.map(Number)));
  return {
    pixels: rows.map((row) => row.slice(0, INPUTS).map((value) => value / 16)),
    labels: rows.map((row) => row[INPUTS]),
  };
}

/** A vector as a matrix over the same memory. @param {Float64Array | Float32Array} data */
const asRow = (data) => ({ rows: 1, cols: data.length, data });

/** @typedef {{ pixels: number[][], labels: number[] }} Digits */

/** @param {import('bitgrad').Engine} engine @param {Digits} digits @param {{ epochs: number, rate: number, seed: number }} options */
function train(engine, { pixels, labels }, { epochs, rate, seed }) {
  const net = engine.network({
    inputs: INPUTS,
    layers: [
      { units: HIDDEN, activation: 'relu' },
      { units: OUTPUTS, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    seed,
  });
  const gradients = net.zeroGradients(); // in the engine's memory, as are the network and the images
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    X: engine.matrix(pixels.slice(i * BATCH, (i + 1) * BATCH)),
    y: labels.slice(i * BATCH, (i + 1) * BATCH),
  }));

  const progress = showProgress(engine.backend, epochs);
  let milliseconds = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    let loss = 0;
    for (const { X, y } of batches) {
      net.gradientsInto(X, y, gradients);
      engine.axpy(-rate, asRow(gradients.parameters), asRow(net.parameters)); // all weights and biases, in place
      loss += gradients.loss / BATCHES;
    }
    milliseconds += performance.now() - start;
    progress(epoch, loss);
  }

  const heldOut = BATCHES * BATCH;
  const guesses = net.forward(pixels.slice(heldOut)).toArray();
  const right = guesses.filter((row, i) => row.indexOf(Math.max(...row)) === labels[heldOut + i]).length;
  const hash = createHash('sha256').update(net.parameters).digest('hex');
  return { hash, milliseconds, accuracy: right / guesses.length };
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

const { rng, ...options } = readOptions();

console.log('1. The notebook: X = [[0.1, 0.2]], y = [[0.3]], weights by random(42)');
for (const backend of [wasm, ts]) notebook(backend);

const shape = [INPUTS, HIDDEN, OUTPUTS].join('-');
console.log(`\n2. Real images: a ${shape} network, ${options.epochs} epochs on ${BATCHES * BATCH} images\n`);
const digits = readDigits(rng);
const results = [wasm.engine, ts.engine].map((engine) => ({ engine, ...train(engine, digits, options) }));

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
