// Activations as operators that runtimes have in both dtypes: a line each.

import type { Operators } from './operators.js';

type Options = Readonly<Record<string, number>>;
type Line = (o: Operators, z: string, options: Options, cols: number) => string;

const sigmoid: Line = (o, z) => o.of('Sigmoid', z);
/** z above 0, else 0, and log(1 + exp(-|z|)). */
const softplus: Line = (o, z) => o.add(o.max(z, 0), o.of('Log', o.add(o.of('Exp', o.of('Neg', o.of('Abs', z))), 1)));
/** `above` z above 0, else `below` (exp(z) - 1). */
const exponential = (o: Operators, z: string, below: number, above: number) =>
  o.select(z, o.multiply(o.subtract(o.of('Exp', o.min(z, 0)), 1), below), above === 1 ? z : o.multiply(z, above));

// Klambauer et al. (2017).
const SELU = 1.0507009873554805;
const SELU_BELOW = SELU * 1.6732632423543772;
// 2 sqrt(2/pi), and that times 0.044715: Hendrycks and Gimpel (2016).
const GELU_LINEAR = 1.5957691216057308;
const GELU_CUBIC = 0.07135481627260025;

export const ACTIVATIONS: Readonly<Record<string, Line>> = {
  identity: (_, z) => z,
  sigmoid,
  logistic: sigmoid,
  tanh: (o, z) => o.of('Tanh', z),
  relu: (o, z) => o.of('Relu', z),
  leakyRelu: (o, z, { negativeSlope }) => o.select(z, o.multiply(z, negativeSlope), z),
  elu: (o, z, { alpha }) => exponential(o, z, alpha, 1),
  selu: (o, z) => exponential(o, z, SELU_BELOW, SELU),
  gelu: (o, z) =>
    o.multiply(z, o.of('Sigmoid', o.multiply(z, o.add(o.multiply(o.multiply(z, z), GELU_CUBIC), GELU_LINEAR)))),
  // Not as z sigmoid(z): onnxruntime makes that one operator, which it has in float alone.
  silu: (o, z) => o.divide(z, o.add(o.of('Exp', o.of('Neg', z)), 1)),
  softplus,
  exp: (o, z) => o.of('Exp', z),
  softmax: (o, z) => o.graph.op('Softmax', [z], { axis: 1 }),
  // Runtimes have Erf in float alone.
  geluExact: (o, z) => {
    const erf = o.cast(o.of('Erf', o.cast(o.multiply(z, Math.SQRT1_2), 'float')), o.type);
    return o.multiply(o.multiply(z, o.add(erf, 1)), 0.5);
  },
  hardSigmoid: (o, z) => o.divide(o.min(o.max(o.add(z, 3), 0), 6), 6),
  mish: (o, z, options, cols) => o.multiply(z, o.of('Tanh', softplus(o, z, options, cols))),
  relu6: (o, z) => o.min(o.max(z, 0), 6),
  softsign: (o, z) => o.divide(z, o.add(o.of('Abs', z), 1)),
  // The first, and a softplus more for each of the others.
  ascending: (o, z, options, cols) => {
    if (cols === 1) return z;
    const rest = Array.from({ length: cols - 1 }, (_, j) => j + 1);
    const steps = softplus(o, o.graph.columns(z, rest), options, cols);
    return o.of('CumSum', o.graph.beside([o.graph.columns(z, [0]), steps]), o.graph.integers([1], []));
  },
};
