// A network that learns to read: 1,797 images of digits, each 8 x 8 pixels.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Engine, RandomState, TypedArray } from '../../index.js';

export const SIZES = [64, 128, 10] as const;
const [INPUTS, HIDDEN, OUTPUTS] = SIZES;
/** The others are held out. */
const [BATCHES, BATCH] = [45, 32];
export const TRAINED = BATCHES * BATCH;

export interface Digits {
  /** From 0 to 1. */
  readonly pixels: readonly number[][];
  readonly labels: readonly number[];
}

/** Where the build puts them: beside what runs. */
const FILE = new URL('./digits.csv.gz', import.meta.url);

/** In the order that the generator gives. */
export async function readDigits(rng: RandomState, file: URL = FILE): Promise<Digits> {
  const text = gunzipSync(await readFile(file)).toString('utf8');
  const lines = text.trim().split('\n');
  const rows = rng.permutation(lines.map((line) => line.split(',').map(Number)));
  return {
    pixels: rows.map((row) => row.slice(0, INPUTS).map((value) => value / 16)),
    labels: rows.map((row) => row[INPUTS]),
  };
}

export interface DigitsOptions {
  readonly epochs: number;
  readonly rate: number;
  readonly seed: number;
}

export interface DigitsResult {
  readonly backend: string;
  /** Of training alone. */
  readonly seconds: number;
  /** Mean of each epoch. */
  readonly losses: readonly number[];
  /** Of the images that were held out. */
  readonly accuracy: number;
  /** Of the parameters' bits. */
  readonly sha256: string;
}

/** Plain descent, written out: what happens at each step can be read here. @param watch called after each epoch */
export async function learnDigits(
  engine: Engine,
  { pixels, labels }: Digits,
  { epochs, rate, seed }: DigitsOptions,
  watch: (losses: readonly number[]) => void,
  signal: AbortSignal,
): Promise<DigitsResult> {
  const net = engine.network({
    inputs: INPUTS,
    layers: [
      { units: HIDDEN, activation: 'relu' },
      { units: OUTPUTS, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    seed,
  });
  // In the engine's memory, as are the network and the images.
  const gradients = net.zeroGradients();
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    X: engine.matrix(pixels.slice(i * BATCH, (i + 1) * BATCH)),
    y: labels.slice(i * BATCH, (i + 1) * BATCH),
  }));
  const asRow = (data: TypedArray) => ({ rows: 1, cols: data.length, data });
  const losses: number[] = [];
  let ms = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const start = performance.now();
    let loss = 0;
    for (const { X, y } of batches) {
      net.gradientsInto(X, y, gradients);
      engine.axpy(-rate, asRow(gradients.parameters), asRow(net.parameters)); // all weights and biases, in place
      loss += gradients.loss / BATCHES;
    }
    ms += performance.now() - start;
    losses.push(loss);
    watch(losses);
    await turn();
    signal.throwIfAborted();
  }
  const guesses = net.forward(pixels.slice(TRAINED)).toArray();
  const right = guesses.filter((row, i) => row.indexOf(Math.max(...row)) === labels[TRAINED + i]).length;
  return {
    backend: engine.backend,
    seconds: ms / 1000,
    losses,
    accuracy: right / guesses.length,
    sha256: createHash('sha256').update(net.parameters).digest('hex'),
  };
}
