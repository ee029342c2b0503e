// @ts-check
// Trains one network twice, on several threads and on one, and compares the bits: node examples/threads.mjs [THREADS]

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { axpy, matrix, mergePartials, network, random } from 'bitgrad';

/** @typedef {import('bitgrad').PartialGradients} Partial */

const [ROWS, INPUTS, STEPS, RATE] = [16_384, 16, 15, 0.2];
const TILE = 256; // rows are summed in tiles of so many: the batch is cut between them

const makeNetwork = () =>
  network({
    inputs: INPUTS,
    layers: [
      { units: 128, activation: 'gelu' },
      { units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
  });

/** A thread: holds its rows, receives parameters, returns the sums over those rows. */
function work() {
  const net = makeNetwork();
  const X = matrix(workerData.X);
  const y = matrix(workerData.y);
  parentPort?.on('message', (parameters) => {
    net.parameters = parameters;
    parentPort?.postMessage(net.partialGradients(X, y, { rowOffset: workerData.rowOffset }));
  });
}

/** @param {Worker} worker @param {import('bitgrad').TypedArray} parameters @returns {Promise<Partial>} */
async function ask(worker, parameters) {
  worker.postMessage(parameters);
  const [partial] = await once(worker, 'message');
  return partial;
}

/** The sums over all rows, from those over pieces of equally many: neighbours, pair by pair. @param {Partial[]} partials */
function mergeAll(partials) {
  let rest = partials;
  while (rest.length > 1) {
    const pairs = rest;
    rest = [];
    for (let i = 0; i < pairs.length; i += 2) {
      rest.push(i + 1 < pairs.length ? mergePartials(pairs[i], pairs[i + 1]) : pairs[i]);
    }
  }
  return rest[0];
}

/** @param {number} threads @param {Float64Array} X @param {Float64Array} y */
async function train(threads, X, y) {
  const pieceRows = TILE * 2 ** Math.ceil(Math.log2(Math.ceil(ROWS / TILE) / threads));
  const workers = Array.from({ length: Math.ceil(ROWS / pieceRows) }, (_, i) => {
    const rowOffset = i * pieceRows;
    const rows = Math.min(pieceRows, ROWS - rowOffset);
    const piece = (/** @type {Float64Array} */ data, /** @type {number} */ cols) => {
      return { rows, cols, data: data.slice(rowOffset * cols, (rowOffset + rows) * cols) };
    };
    return new Worker(new URL(import.meta.url), { workerData: { rowOffset, X: piece(X, INPUTS), y: piece(y, 1) } });
  });

  const net = makeNetwork();
  let loss = Number.NaN;
  let start = 0;
  for (let step = 0; step < STEPS; step++) {
    if (step === 1) start = performance.now(); // the first waits for the threads to start
    const parameters = net.parameters.slice(); // a message with a view would copy all of linear memory
    const partials = await Promise.all(workers.map((worker) => ask(worker, parameters)));
    const gradients = net.gradientsFrom(mergeAll(partials), { l2: 1e-3 });
    for (const [i, weights] of net.weights.entries()) axpy(-RATE, gradients.weights[i], weights);
    for (const [i, biases] of net.biases.entries()) {
      const gradient = gradients.biases[i];
      if (biases && gradient) axpy(-RATE, gradient, biases);
    }
    loss = gradients.loss;
  }
  const milliseconds = (performance.now() - start) / (STEPS - 1);
  for (const worker of workers) await worker.terminate();
  const hash = createHash('sha256').update(net.parameters).digest('hex');
  return { threads: workers.length, milliseconds, loss, hash };
}

async function main() {
  const wanted = Number(process.argv[2] ?? Math.max(2, availableParallelism()));
  if (!(Number.isSafeInteger(wanted) && wanted > 0)) {
    console.error('the number of threads must be a positive integer');
    process.exit(2);
  }
  const X = random(1).randn(ROWS * INPUTS);
  const y = Float64Array.from({ length: ROWS }, (_, i) => (X[i * INPUTS] + X[i * INPUTS + 1] ** 2 > 1 ? 1 : 0));

  const results = [await train(wanted, X, y), await train(1, X, y)];
  console.log('threads  ms a step  loss      SHA-256 of the parameters');
  for (const { threads, milliseconds, loss, hash } of results) {
    console.log(`${String(threads).padStart(7)}  ${milliseconds.toFixed(1).padStart(9)}  ${loss.toFixed(6)}  ${hash}`);
  }
  const same = results[0].hash === results[1].hash;
  console.log(same ? 'The same bits.' : 'DIFFERENT BITS');
  process.exitCode = same ? 0 : 1;
}

if (isMainThread) await main();
else work();
