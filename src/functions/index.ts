// bitgrad/functions: activations and their derivatives as functions of the engine of the main entry, and what makes them of others.

import { zeros } from '../automatic.js';
import { createFunctions } from '../layers/functions.js';

export const {
  /** x, and below 0 alpha (exp(x) - 1); alpha default 1: of a number, of a vector, or of a matrix. */
  elu,
  /** elu's derivative, given its OUTPUT. */
  eluDerivative,
  /** eluDerivative into `out`, which may be the input itself; returns `out`. */
  eluDerivativeInto,
  /** elu into `out`, which may be x itself; returns `out`. */
  eluInto,
  /** e^x: of a number, of a vector, or of a matrix. */
  exp,
  /** exp's derivative, given its OUTPUT. */
  expDerivative,
  /** expDerivative into `out`, which may be the input itself; returns `out`. */
  expDerivativeInto,
  /** exp into `out`, which may be x itself; returns `out`. */
  expInto,
  /** x times the normal distribution's share below x, by its approximation with tanh: of a number, of a vector, or of a matrix. */
  gelu,
  /** gelu's derivative, given its INPUT. */
  geluDerivative,
  /** geluDerivative into `out`, which may be the input itself; returns `out`. */
  geluDerivativeInto,
  /** x times the normal distribution's share below x, by erf: of a number, of a vector, or of a matrix. */
  geluExact,
  /** geluExact's derivative, given its INPUT. */
  geluExactDerivative,
  /** geluExactDerivative into `out`, which may be the input itself; returns `out`. */
  geluExactDerivativeInto,
  /** geluExact into `out`, which may be x itself; returns `out`. */
  geluExactInto,
  /** gelu into `out`, which may be x itself; returns `out`. */
  geluInto,
  /** x / 6 + 1/2, within 0 to 1: of a number, of a vector, or of a matrix. */
  hardSigmoid,
  /** hardSigmoid's derivative, given its OUTPUT. */
  hardSigmoidDerivative,
  /** hardSigmoidDerivative into `out`, which may be the input itself; returns `out`. */
  hardSigmoidDerivativeInto,
  /** hardSigmoid into `out`, which may be x itself; returns `out`. */
  hardSigmoidInto,
  /** x, and below 0 negativeSlope x, default 0.01: of a number, of a vector, or of a matrix. */
  leakyRelu,
  /** leakyRelu's derivative, given its OUTPUT. */
  leakyReluDerivative,
  /** leakyReluDerivative into `out`, which may be the input itself; returns `out`. */
  leakyReluDerivativeInto,
  /** leakyRelu into `out`, which may be x itself; returns `out`. */
  leakyReluInto,
  /** x tanh(softplus(x)): of a number, of a vector, or of a matrix. */
  mish,
  /** mish's derivative, given its INPUT. */
  mishDerivative,
  /** mishDerivative into `out`, which may be the input itself; returns `out`. */
  mishDerivativeInto,
  /** mish into `out`, which may be x itself; returns `out`. */
  mishInto,
  /** max(0, x): of a number, of a vector, or of a matrix. */
  relu,
  /** min(max(0, x), 6): of a number, of a vector, or of a matrix. */
  relu6,
  /** relu6's derivative, given its OUTPUT. */
  relu6Derivative,
  /** relu6Derivative into `out`, which may be the input itself; returns `out`. */
  relu6DerivativeInto,
  /** relu6 into `out`, which may be x itself; returns `out`. */
  relu6Into,
  /** relu's derivative, given its OUTPUT. */
  reluDerivative,
  /** reluDerivative into `out`, which may be the input itself; returns `out`. */
  reluDerivativeInto,
  /** relu into `out`, which may be x itself; returns `out`. */
  reluInto,
  /** elu, scaled so that layers keep mean 0 and variance 1: of a number, of a vector, or of a matrix. */
  selu,
  /** selu's derivative, given its OUTPUT. */
  seluDerivative,
  /** seluDerivative into `out`, which may be the input itself; returns `out`. */
  seluDerivativeInto,
  /** selu into `out`, which may be x itself; returns `out`. */
  seluInto,
  /** x sigmoid(x): of a number, of a vector, or of a matrix. */
  silu,
  /** silu's derivative, given its INPUT. */
  siluDerivative,
  /** siluDerivative into `out`, which may be the input itself; returns `out`. */
  siluDerivativeInto,
  /** silu into `out`, which may be x itself; returns `out`. */
  siluInto,
  /** exp(x) over their sum: of a vector, or of each row of a matrix. */
  softmax,
  /** dLoss/dx from softmax's OUTPUT and dLoss/dOutput, of the same shape. */
  softmaxDerivative,
  /** softmaxDerivative into `out`, which may be the error itself; returns `out`. */
  softmaxDerivativeInto,
  /** softmax into `out`, which may be x itself; returns `out`. */
  softmaxInto,
  /** log(1 + exp(x)): of a number, of a vector, or of a matrix. */
  softplus,
  /** softplus's derivative, given its INPUT. */
  softplusDerivative,
  /** softplusDerivative into `out`, which may be the input itself; returns `out`. */
  softplusDerivativeInto,
  /** softplus into `out`, which may be x itself; returns `out`. */
  softplusInto,
  /** x / (1 + |x|): of a number, of a vector, or of a matrix. */
  softsign,
  /** softsign's derivative, given its OUTPUT. */
  softsignDerivative,
  /** softsignDerivative into `out`, which may be the input itself; returns `out`. */
  softsignDerivativeInto,
  /** softsign into `out`, which may be x itself; returns `out`. */
  softsignInto,
  /** The hyperbolic tangent: of a number, of a vector, or of a matrix. */
  tanh,
  /** tanh's derivative, given its OUTPUT. */
  tanhDerivative,
  /** tanhDerivative into `out`, which may be the input itself; returns `out`. */
  tanhDerivativeInto,
  /** tanh into `out`, which may be x itself; returns `out`. */
  tanhInto,
} = createFunctions({ zeros, dtype: 'f64' });

export type { EluOptions } from '../layers/activations/elu.js';
export type { LeakyReluOptions } from '../layers/activations/leakyRelu.js';
export type { FunctionsEngine } from '../layers/functions.js';
export type {
  ActivationFunction,
  ActivationFunctions,
  ActivationIntoFunction,
  SoftmaxDerivativeInto,
  SoftmaxFunction,
  SoftmaxFunctions,
} from '../layers/functions-api.js';
export { createFunctions };
