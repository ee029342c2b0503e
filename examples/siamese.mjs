// @ts-check
// A siamese network (Hadsell, Chopra and LeCun 2006): the same network maps both images of a pair, to points that are near if they
// show the same digit, and apart if not. The loss is of pairs, so it is no loss of rows: a tape passes forward once, the loss
// is written by hand, and its derivative goes back.
//
//   node examples/siamese.mjs

import { readFileSync } from 'node:fs';
import { network, random } from 'bitgrad';
import { GradientTape, optimizer } from 'bitgrad/train';

const [INPUTS, POINT, MARGIN] = [64, 8, 1];
const [TRAINED, STEPS, PAIRS] = [1200, 400, 128];
const rng = random(1);

const text = readFileSync(new URL('data/digits.csv', import.meta.url), 'utf8').trim();
const digits = rng.permutation(text.split('\n').map((line) => line.split(',').map(Number)));
const images = digits.map((row) => row.slice(0, INPUTS).map((pixel) => pixel / 16));
const labels = digits.map((row) => row[INPUTS]);

const net = network({ inputs: INPUTS, layers: [{ units: 64, activation: 'relu' }, POINT], seed: 1 });
const tape = new GradientTape(net);
const adam = optimizer('adam', net, { learningRate: 0.003 });

/** An image, and another one: half of the time of the same digit. */
function drawPair() {
  const a = Math.floor(rng.rand() * TRAINED);
  const same = rng.rand() < 0.5;
  let b = a;
  while (b === a || (labels[a] === labels[b]) !== same) b = Math.floor(rng.rand() * TRAINED);
  return [a, b];
}

/** How many held-out images are next to one of the same digit among those that were trained on. */
function accuracy() {
  const points = net.forward(images).toArray();
  const distance = (/** @type {number[]} */ p, /** @type {number[]} */ q) =>
    p.reduce((sum, x, k) => sum + (x - q[k]) ** 2, 0);
  const known = points.slice(0, TRAINED);
  let right = 0;
  for (let i = TRAINED; i < points.length; i++) {
    const distances = known.map((point) => distance(point, points[i]));
    right += Number(labels[distances.indexOf(Math.min(...distances))] === labels[i]);
  }
  return `${((100 * right) / (points.length - TRAINED)).toFixed(1)} %`;
}

console.log(`nearest neighbours before: ${accuracy()}`);
for (let step = 1; step <= STEPS; step++) {
  const pairs = Array.from({ length: PAIRS }, drawPair);
  // Both halves in one pass: the first PAIRS rows, and their partners.
  const points = tape.forward([...pairs.map(([a]) => images[a]), ...pairs.map(([, b]) => images[b])]);
  const gradient = new Float64Array(points.data.length);
  let loss = 0;
  for (const [i, [a, b]] of pairs.entries()) {
    const [at, other] = [i * POINT, (PAIRS + i) * POINT];
    const apart = Array.from({ length: POINT }, (_, k) => points.data[at + k] - points.data[other + k]);
    const distance = Math.sqrt(apart.reduce((sum, x) => sum + x * x, 0)) + 1e-9;
    const short = labels[a] === labels[b] ? distance : distance - MARGIN;
    // Of the same digit distance^2; else (MARGIN - distance)^2, as long as they are nearer than that.
    if (labels[a] !== labels[b] && short > 0) continue;
    loss += (short * short) / PAIRS;
    for (const [k, x] of apart.entries()) {
      gradient[at + k] = (2 * short * x) / (distance * PAIRS);
      gradient[other + k] = -gradient[at + k];
    }
  }
  adam.step(tape.backward({ rows: 2 * PAIRS, cols: POINT, data: gradient }));
  if (step === 1 || step % 100 === 0) console.log(`step ${String(step).padStart(3)}: loss ${loss.toFixed(4)}`);
}
console.log(`nearest neighbours after:  ${accuracy()}`);
