// How weights begin: drawn from a seed in f64 and rounded to the dtype, so every backend has the same bits.

import type { TypedArray } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';

/** A scale from the numbers of inputs and units; `gain` is of the activation, for scikit-learn. */
type Scale = (inputs: number, units: number, gain: number) => number;

/** Fills weights, inputs x units; and biases, which hold 0. */
type Draw = (rng: RandomState, scale: Parameters<Scale>, weights: TypedArray, biases: TypedArray | undefined) => void;

/** Within +-limit. */
function spread(rng: RandomState, limit: number, to: TypedArray): void {
  for (let i = 0; i < to.length; i++) to[i] = -limit + 2 * limit * rng.rand();
}

const uniformDraw =
  (limit: Scale): Draw =>
  (rng, scale, weights) =>
    spread(rng, limit(...scale), weights);

/** With that standard deviation. */
const normalDraw =
  (deviation: Scale): Draw =>
  (rng, scale, weights) => {
    const factor = deviation(...scale);
    for (let i = 0; i < weights.length; i++) weights[i] = factor * rng.randn();
  };

const TABLE = {
  glorotUniform: uniformDraw((n, m) => Math.sqrt(6 / (n + m))),
  glorotNormal: normalDraw((n, m) => Math.sqrt(2 / (n + m))),
  heUniform: uniformDraw((n) => Math.sqrt(6 / n)),
  heNormal: normalDraw((n) => Math.sqrt(2 / n)),
  lecunNormal: normalDraw((n) => Math.sqrt(1 / n)),
  uniform: uniformDraw(() => 0.05),
  normal: normalDraw(() => 0.05),
  zeros(_rng, _scale, weights) {
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
export const INITIALIZER_NAMES = Object.keys(TABLE) as Initializer[];
