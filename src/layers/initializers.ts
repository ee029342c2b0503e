// How weights begin: drawn from a seed in f64 and rounded to the dtype, so every backend has the same bits.

import type { TypedArray } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';

/** Numbers of inputs and units, and the activation's gain, which is for scikit-learn. */
type Fan = readonly [inputs: number, units: number, gain: number];

/** Fills weights, inputs x units; and biases, which hold 0. */
type Draw = (rng: RandomState, fan: Fan, weights: TypedArray, biases: TypedArray | undefined) => void;

/** Uniform within +-limit. */
function spread(rng: RandomState, limit: number, to: TypedArray): void {
  for (let i = 0; i < to.length; i++) to[i] = -limit + 2 * limit * rng.rand();
}

/** Normal, of that standard deviation. */
function scatter(rng: RandomState, deviation: number, to: TypedArray): void {
  for (let i = 0; i < to.length; i++) to[i] = deviation * rng.randn();
}

const TABLE = {
  glorotUniform: (rng, [n, m], weights) => spread(rng, Math.sqrt(6 / (n + m)), weights),
  glorotNormal: (rng, [n, m], weights) => scatter(rng, Math.sqrt(2 / (n + m)), weights),
  heUniform: (rng, [n], weights) => spread(rng, Math.sqrt(6 / n), weights),
  heNormal: (rng, [n], weights) => scatter(rng, Math.sqrt(2 / n), weights),
  lecunNormal: (rng, [n], weights) => scatter(rng, Math.sqrt(1 / n), weights),
  uniform: (rng, _fan, weights) => spread(rng, 0.05, weights),
  normal: (rng, _fan, weights) => scatter(rng, 0.05, weights),
  zeros(_rng, _fan, weights) {
    weights.fill(0);
  },
  scikitLearn(rng, [n, m, gain], weights, biases) {
    const limit = Math.sqrt(gain / (n + m));
    spread(rng, limit, weights);
    if (biases) spread(rng, limit, biases);
  },
} satisfies Record<string, Draw>;

/**
 * With n inputs and m units. Uniform within +-limit: glorotUniform sqrt(6 / (n + m)), heUniform sqrt(6 / n), uniform 0.05.
 * Normal with deviation: glorotNormal sqrt(2 / (n + m)), heNormal sqrt(2 / n), lecunNormal sqrt(1 / n), normal 0.05.
 * scikitLearn: as its MLP draws from `random_state`, weights and biases uniform within +-sqrt(6 / (n + m)), where hidden layers
 * are sigmoid sqrt(2 / (n + m)). The others start biases at 0.
 *
 * Sources: Glorot and Bengio (2010); He et al. (2015); LeCun et al. (1998); Keras for 0.05.
 */
export type Initializer = keyof typeof TABLE;

export const INITIALIZERS: Readonly<Record<Initializer, Draw>> = TABLE;
export const INITIALIZER_NAMES = /* @__PURE__ */ Object.keys(TABLE) as Initializer[];
