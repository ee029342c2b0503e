// @ts-check
// Every kind of training, to be stopped and resumed: in this process, or as a program that is killed:
// node resuming.mjs <folder> <stride>. Prints each one's bits and curves at the end.

import { createHash } from 'node:crypto';
import { createEngine } from 'bitgrad';
import { optimizers, train } from 'bitgrad/train';

const ROWS = 40;
const X = Array.from({ length: ROWS }, (_, i) => [Math.sqrt((i * 37) % 101) - 5, Math.sqrt((i * 53) % 97) - 5]);
const y = X.map(([a, b]) => [a * b > 0 ? 1 : 0, a > b ? 1 : 0]);
const blockOf = (/** @type {number} */ i) => ({ X: X.slice(10 * i, 10 * i + 10), y: y.slice(10 * i, 10 * i + 10) });

/** What there is to train on. @type {Record<string, any>} */
export const KINDS = {
  whole: { X, y },
  source: { blocks: 4, read: blockOf },
  iterable: () => [0, 1, 2, 3].map(blockOf),
  generator: function* () {
    for (let i = 0; i < 4; i++) yield blockOf(i);
  },
  asyncGenerator: async function* () {
    for (let i = 0; i < 4; i++) yield blockOf(i);
  },
};

/** What is trained with in place of an optimizer's defaults: with momentum they keep more. @type {Record<string, any[]>} */
const VARIANTS = {
  sgd: ['sgd', { name: 'sgd', momentum: 0.9, nesterov: true }],
  rmsprop: [{ name: 'rmsprop', momentum: 0.5, centered: true }],
  adam: [{ name: 'adam', amsgrad: true, weightDecay: 0.1 }],
};
const OPTIMIZERS = optimizers.flatMap((name) => VARIANTS[name] ?? [name]);

/** @typedef {{ kind: string, optimizer: any, dtype: 'f64' | 'f32', background: boolean }} Case */

/** @type {Case[]} */
export const CASES = OPTIMIZERS.flatMap((optimizer) =>
  Object.keys(KINDS).flatMap((kind) =>
    /** @type {const} */ (['f64', 'f32']).flatMap((dtype) =>
      [true, false].map((background) => ({ kind, optimizer, dtype, background })),
    ),
  ),
).filter(({ kind, optimizer }) => kind === 'whole' || optimizer !== 'lbfgs');

export const EPOCHS = 6;
const engine = createEngine();

/** The bits and curves that a training of one case leaves. @param {Case} given @param {any} options */
export async function run({ kind, optimizer, dtype, background }, options = {}) {
  const net = engine.network({
    inputs: 2,
    layers: [{ units: 4, activation: 'tanh' }, 2],
    seed: 3,
    dtype,
  });
  const whole = kind === 'whole' ? { validationSplit: 0.2, schedule: 'cosine' } : { validationData: blockOf(0) };
  const { seconds, totalSeconds, ran, ...curves } = await train(net, KINDS[kind], {
    epochs: EPOCHS,
    batchSize: optimizer === 'lbfgs' ? undefined : 7,
    optimizer,
    background,
    metrics: ['mse'],
    earlyStopping: { patience: 100, minDelta: 0 },
    ...whole,
    ...options,
  });
  const bits = createHash('sha256').update(new Uint8Array(net.parameters.slice().buffer)).digest('hex');
  net.dispose();
  return JSON.stringify([bits, seconds.length, curves]);
}

const [, program, folder, stride] = process.argv;
if (program?.endsWith('resuming.mjs')) {
  console.log('begun');
  const results = [];
  for (let i = 0; i < CASES.length; i += Number(stride)) {
    results.push(await run(CASES[i], { checkpoint: { path: `${folder}/${i}`, resume: true } }));
  }
  console.log(results.join('\n'));
}
