// What fit adds to bare gradients, and how near an optimizer's step comes to the bandwidth of memory.

import { random } from 'bitgrad';
import { PARTS } from '../../src/network/calls.js';
import { readOptimizer } from '../../src/train/optimizers/optimizers.js';
import { Stepper } from '../../src/train/optimizers/stepper.js';
import { engine } from '../../src/wasm.js';
import { median } from '../measure.js';
import { ROWS, readMnist } from './mnist.mjs';

/** Milliseconds of an epoch by fit, and of the gradients of the same batches. 64x784-128-10, sgd, f32. */
export async function overhead(rounds: number, smoke: boolean): Promise<{ fit: number; gradients: number }> {
  const [rows, batch] = [6400, 64];
  const rng = random(1);
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
  // Many short turns: a shared core changes its pace within a second.
  for (let round = 0; round <= 24 * rounds; round++) {
    const { seconds } = await fitted.fit(X, y, { background: false, epochs: 1, batchSize: batch, optimizer: 'sgd' });
    const fit = 1000 * seconds[0];
    const start = performance.now();
    for (const { X, y } of batches) bare.gradientsInto(X, y, gradients);
    if (round === 0 && !smoke) continue;
    all[0].push(fit);
    all[1].push(performance.now() - start);
  }
  const [fit, plain] = all.map(median);
  return { fit, gradients: plain };
}

/** Milliseconds of 100 steps on MNIST's digits, four fifths of whose pixels are zero, and where those are hardly more than zero. */
export async function zeros(rounds: number): Promise<{ asTheyAre: number; without: number }> {
  const [rows, batchSize] = [12_800, 128];
  const all = new Float32Array(ROWS.train * 784);
  const labels = readMnist('train', all).slice(0, rows);
  const data = all.slice(0, rows * 784);
  const layers = [
    { units: 128, activation: 'relu' },
    { units: 10, activation: 'softmax' },
  ] as const;
  const subjects = [data, data.map((x) => x || 2 ** -30)].map((data) => ({
    X: engine.matrix({ rows, cols: 784, data }, { dtype: 'f32' }),
    net: engine.network({ inputs: 784, layers, loss: 'crossEntropy', dtype: 'f32', seed: 1 }),
    ms: [] as number[],
  }));
  for (let round = 0; round <= 3 * rounds; round++) {
    for (const { X, net, ms } of subjects) {
      const { seconds } = await net.fit(X, labels, { background: false, epochs: 1, batchSize, optimizer: 'adam' });
      if (round > 0) ms.push(1000 * seconds[0]);
    }
  }
  for (const { X, net } of subjects) {
    X.dispose();
    net.dispose();
  }
  const [asTheyAre, without] = subjects.map(({ ms }) => median(ms));
  return { asTheyAre, without };
}

/** Milliseconds of a step of adam on 1M parameters in f32, and of a copy that moves as many bytes. */
export function bandwidth(rounds: number): { step: number; copy: number } {
  const n = 2 ** 20;
  const net = engine.network({ inputs: 1024, layers: [{ units: 1024, bias: false }], dtype: 'f32' });
  const optimizer = new Stepper(net[PARTS], readOptimizer('adam'));
  const gradients = net.zeroGradients();
  gradients.parameters.fill(0.01);
  // The step reads four vectors and writes three.
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
  return { step, copy };
}
