// What every entry exports beside its engine's functions.

export type { Functions, Gradients, MatmulOptions, MatrixOutput } from './api.js';
export type { Engine, EngineInfo, EngineOptions } from './engine.js';
export {
  BackendUnavailableError,
  BitgradError,
  DisposedError,
  DtypeError,
  NonFiniteError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
} from './errors.js';
export { type DtypeOption, Matrix } from './matrix.js';
export type { ActivationName } from './network/activations.js';
export type { GradientCheck, GradientCheckOptions } from './network/check.js';
export { mergePartials, type NetworkGradients, type PartialGradients } from './network/gradients.js';
export type { Initializer } from './network/initializers.js';
export type { NetworkJSON } from './network/json.js';
export type { LossName } from './network/losses.js';
export type { GradientOptions, GradientResult, LossOptions, PartialOptions, Targets } from './network/network.js';
export type { LayerOptions, NetworkOptions } from './network/options.js';
export type { Penalties } from './network/penalties.js';
export type { Dtype, MatrixInput, MatrixLike, TypedArray, VectorInput } from './operand.js';
export { RandomState, random } from './random.js';
export { ResidentMatrix } from './resident.js';
export { version } from './version.js';
