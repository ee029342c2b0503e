// @ts-check
// REINFORCE (Williams 1992) on a bandit whose best arm depends on what is seen: each choice's log-probability, weighed by how much
// better than usual its reward was. Weights below 0 are what a reduction of 'sum' takes.
//
//   node examples/bandit.mjs

import { network, random } from 'bitgrad';
import { optimizer } from 'bitgrad/train';

const [ROUNDS, BATCH, ARMS] = [300, 64, 3];
const rng = random(1);

/** 1 for the arm that is right for a context, with noise: the one whose sector the point lies in. */
const reward = (/** @type {import('bitgrad').TypedArray} */ [x, y], /** @type {number} */ arm) => {
  const best = Math.floor((Math.atan2(y, x) / (2 * Math.PI) + 0.5) * ARMS) % ARMS;
  return Number(arm === best) + 0.1 * rng.randn();
};

const policy = network({
  inputs: 2,
  layers: [
    { units: 16, activation: 'tanh' },
    { units: ARMS, activation: 'softmax' },
  ],
  loss: 'crossEntropy',
  reduction: 'sum',
  seed: 1,
});
const adam = optimizer('adam', policy, { learningRate: 0.01 });
const gradients = policy.zeroGradients();

/** An arm by its probability. @param {ArrayLike<number>} probabilities */
function draw(probabilities) {
  let left = rng.rand();
  for (let arm = 0; arm < ARMS - 1; arm++) {
    left -= probabilities[arm];
    if (left < 0) return arm;
  }
  return ARMS - 1;
}

let usual = 0;
for (let round = 1; round <= ROUNDS; round++) {
  const contexts = rng.randn(BATCH, 2);
  const arms = Array.from(policy.forward(contexts), draw);
  const rewards = Array.from(contexts, (context, i) => reward(context, arms[i]));
  const mean = rewards.reduce((sum, each) => sum + each, 0) / BATCH;
  const sampleWeight = rewards.map((each) => (each - usual) / BATCH);
  policy.gradientsInto(contexts, arms, gradients, { sampleWeight });
  adam.step(gradients);
  usual = 0.9 * usual + 0.1 * mean;
  if (round === 1 || round % 100 === 0)
    console.log(`round ${String(round).padStart(3)}: mean reward ${mean.toFixed(2)}`);
}
