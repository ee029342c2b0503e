// What every entry exports beside its engine's functions.

export type { Functions, Gradients, MatmulOptions, MatrixOutput } from './api.js';
export type { Engine, EngineInfo, EngineOptions } from './engine.js';
export {
  BackendUnavailableError,
  BitgradError,
  DisposedError,
  DtypeError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
} from './errors.js';
export { type DtypeOption, Matrix } from './matrix.js';
export type { Dtype, MatrixInput, MatrixLike, TypedArray, VectorInput } from './operand.js';
export { RandomState, random } from './random.js';
export { ResidentMatrix } from './resident.js';
export { version } from './version.js';
