// How weights begin: drawn from a seed in f64 and rounded to the dtype, so every backend has the same bits.

import type { TypedArray } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { ActivationName } from './activations.js';

export const INITIALIZER_NAMES = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunNormal',
  'uniform',
  'normal',
  'zeros',
  'scikitLearn',
] as const;

/**
 * With n inputs and m units. Uniform within +-limit: glorotUniform sqrt(6 / (n + m)), heUniform sqrt(6 / n), uniform 0.05.
 * Normal with deviation: glorotNormal sqrt(2 / (n + m)), heNormal sqrt(2 / n), lecunNormal sqrt(1 / n), normal 0.05.
 * scikitLearn: as its MLP draws from `random_state`, weights and biases uniform within +-sqrt(6 / (n + m)), where hidden layers
 * are sigmoid sqrt(2 / (n + m)). The others start biases at 0.
 *
 * Sources: Glorot and Bengio (2010); He et al. (2015); LeCun et al. (1998); Keras for 0.05.
 */
export type Initializer = (typeof INITIALIZER_NAMES)[number];

const RELU_FAMILY: readonly ActivationName[] = ['relu', 'leakyRelu', 'elu', 'gelu', 'silu'];

/** heUniform for relu and its like, glorotUniform for the others. */
export function defaultInitializer(activation: ActivationName): Initializer {
  return RELU_FAMILY.includes(activation) ? 'heUniform' : 'glorotUniform';
}

/** Half the width of the uniform ones. */
const LIMITS: Partial<Record<Initializer, (inputs: number, units: number) => number>> = {
  glorotUniform: (inputs, units) => Math.sqrt(6 / (inputs + units)),
  heUniform: (inputs) => Math.sqrt(6 / inputs),
  uniform: () => 0.05,
};

/** Standard deviation of the normal ones. */
const DEVIATIONS: Partial<Record<Initializer, (inputs: number, units: number) => number>> = {
  glorotNormal: (inputs, units) => Math.sqrt(2 / (inputs + units)),
  heNormal: (inputs) => Math.sqrt(2 / inputs),
  lecunNormal: (inputs) => Math.sqrt(1 / inputs),
  normal: () => 0.05,
};

function uniform(rng: RandomState, limit: number, to: TypedArray): void {
  for (let i = 0; i < to.length; i++) to[i] = -limit + 2 * limit * rng.rand();
}

/**
 * Fills a layer's weights (inputs x units) and its biases, which may be none.
 *
 * @param hidden the layer's activation, of the last layer that of the one before, which is what scikit-learn goes by
 */
export function initialize(
  name: Initializer,
  hidden: ActivationName | undefined,
  rng: RandomState,
  inputs: number,
  units: number,
  weights: TypedArray,
  biases: TypedArray,
): void {
  const limit = LIMITS[name]?.(inputs, units);
  const deviation = DEVIATIONS[name]?.(inputs, units);
  biases.fill(0);
  if (limit !== undefined) uniform(rng, limit, weights);
  else if (deviation !== undefined) for (let i = 0; i < weights.length; i++) weights[i] = deviation * rng.randn();
  else weights.fill(0);
  if (name !== 'scikitLearn') return;
  const logistic = hidden === 'sigmoid' || hidden === 'logistic';
  const range = Math.sqrt((logistic ? 2 : 6) / (inputs + units));
  uniform(rng, range, weights);
  uniform(rng, range, biases);
}
