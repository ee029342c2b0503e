// What every entry exports beside its engine's functions.

export type { PackInfo } from './backend/backend.js';
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
export type { Engine, EngineInfo, EngineOptions, Factory, NetworkClass } from './engine.js';
export type {
  DotFunction,
  Functions,
  Gradients,
  MapFunction,
  MapIntoFunction,
  MatmulOptions,
  MatrixOutput,
} from './functions/api.js';
export type { KernelModule, PackName } from './kernels/pack.js';
export type { ActivationName } from './layers/activations.js';
export type { BatchNormOptions } from './layers/batch-norm.js';
export type { DenseOptions } from './layers/dense.js';
export type { DropoutOptions } from './layers/dropout.js';
export type { EmbeddingOptions } from './layers/embedding.js';
export type { Initializer } from './layers/initializers.js';
export type { LayerNormOptions } from './layers/layer-norm.js';
export type { LayerOptions } from './layers/layers.js';
export type { LossFunction } from './layers/loss.js';
export type { LossName } from './layers/losses.js';
export type { ScaleOptions } from './layers/scale.js';
export type { AddOptions, SkipOptions } from './layers/skip.js';
export { type DtypeOption, Matrix } from './matrix/matrix.js';
export type {
  ArrayOf,
  Dtype,
  MatrixInput,
  MatrixLike,
  RowsInput,
  SparseInput,
  TypedArray,
  VectorInput,
} from './matrix/operand.js';
export { ResidentMatrix } from './matrix/resident.js';
export type { GradientOptions, GradientResult, LossOptions, PartialOptions, Targets } from './network/calls.js';
export type { GradientCheck, GradientCheckOptions } from './network/gradient-check.js';
export { mergePartials, type NetworkGradients, type PartialGradients } from './network/gradients.js';
export type { NetworkJSON } from './network/json.js';
export type { Penalties } from './network/penalties.js';
export type { NetworkOptions } from './network/plan.js';
export { RandomState, type RandomStateJSON, random } from './random/random.js';
export type { TrainableNetwork } from './trainable.js';
export { version } from './version.js';
