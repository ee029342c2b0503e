// @ts-check
// A pipeline of threads: a reader hands blocks of rows to predictors, whichever is free, and those hand labels to the main thread.
// Rows are moved between threads, not copied; the model goes to each of them as bytes. Labels and probabilities have the same bits
// as those of one thread that does it all.
//
//   node examples/pipeline.mjs [PREDICTORS]

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isMainThread, MessageChannel, parentPort, Worker, workerData } from 'node:worker_threads';
import { fromBytes, MLPClassifier, toBytes } from 'bitgrad/model';

/** @typedef {{ first: number, rows: number, cols: number, data: Float64Array }} Block rows, and which is the first of them */

const [INPUTS, BLOCK] = [64, 100];

/** @returns {Generator<Block & { labels: number[] }>} */
function* read() {
  const lines = readFileSync(new URL('data/digits.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  for (let first = 0; first < lines.length; first += BLOCK) {
    const rows = lines.slice(first, first + BLOCK).map((line) => line.split(',').map(Number));
    const data = Float64Array.from(rows.flatMap((row) => row.slice(0, INPUTS).map((pixel) => pixel / 16)));
    yield { first, rows: rows.length, cols: INPUTS, data, labels: rows.map((row) => row[INPUTS]) };
  }
}

/** Stage 1: sends a block to every predictor, and the next one to who asks for it. */
function reader() {
  const blocks = read();
  for (const port of workerData.ports) {
    port.on('message', () => {
      const { value: block } = blocks.next();
      if (block) port.postMessage(block, [block.data.buffer]);
      else port.close();
    });
  }
}

/** Stage 2: asks for a block, predicts, and hands on what it found. */
async function predictor() {
  const { port, bytes } = workerData;
  const model = /** @type {MLPClassifier} */ (await fromBytes(bytes));
  port.on('message', (/** @type {Block} */ block) => {
    const { data } = model.predictProba(block);
    parentPort?.postMessage({ first: block.first, data }, [/** @type {ArrayBuffer} */ (data.buffer)]);
    port.postMessage('next');
  });
  port.postMessage('next');
}

/** Stage 3: trains, starts the others, and puts their blocks in order. */
async function main() {
  const count = Number(process.argv[2] ?? 3);
  const blocks = [...read()];
  const model = new MLPClassifier({ hiddenLayerSizes: [32], maxIter: 20, background: false });
  for (const block of blocks) await model.partialFit(block, block.labels, { classes: [...Array(10).keys()] });

  const bytes = await toBytes(model);
  const start = (/** @type {object} */ workerData, /** @type {any[]} */ transferList) =>
    new Worker(new URL(import.meta.url), { workerData, transferList });
  const channels = Array.from({ length: count }, () => new MessageChannel());
  const ports = channels.map(({ port1 }) => port1);
  start({ run: 'reader', ports }, ports);
  const predictors = channels.map(({ port2: port }) => start({ run: 'predictor', port, bytes }, [port]));

  const found = new Map();
  for (const each of predictors) each.on('message', ({ first, data }) => found.set(first, data));
  await Promise.all(predictors.map((each) => once(each, 'exit')));
  const [there, here] = ['sha256', 'sha256'].map((name) => createHash(name));
  for (const { first } of blocks) there.update(found.get(first));
  for (const block of blocks) here.update(model.predictProba(block).data);
  console.log(`${count} threads: ${there.digest('hex')}\n1 thread:  ${here.digest('hex')}`);
}

await (isMainThread ? main : { reader, predictor }[/** @type {'reader' | 'predictor'} */ (workerData.run)])();
