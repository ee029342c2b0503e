// What every entry exports beside its engine's functions.

export {
  BackendUnavailableError,
  BitgradError,
  DisposedError,
  DtypeError,
  NonFiniteError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
} from './checks/errors.js';
export type { Engine, EngineInfo, EngineOptions } from './engine.js';
export type { Functions, Gradients, MatmulOptions, MatrixOutput } from './functions/api.js';
export type { ActivationName } from './layers/activations.js';
export type { Initializer } from './layers/initializers.js';
export type { LayerOptions } from './layers/layers.js';
export type { LossName } from './layers/losses.js';
export { type DtypeOption, Matrix } from './matrix/matrix.js';
export type { ArrayOf, Dtype, MatrixInput, MatrixLike, TypedArray, VectorInput } from './matrix/operand.js';
export { ResidentMatrix } from './matrix/resident.js';
export type { GradientOptions, GradientResult, LossOptions, PartialOptions, Targets } from './network/calls.js';
export type { GradientCheck, GradientCheckOptions } from './network/gradient-check.js';
export { mergePartials, type NetworkGradients, type PartialGradients } from './network/gradients.js';
export type { NetworkJSON } from './network/json.js';
export type { Penalties } from './network/penalties.js';
export type { NetworkOptions } from './network/plan.js';
export { RandomState, random } from './random/random.js';
export { version } from './version.js';
