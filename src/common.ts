// What every entry exports beside its engine's functions.

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
export type { Functions, Gradients, MatmulOptions, MatrixOutput } from './functions.js';
export { ResidentMatrix } from './marshal.js';
export { type Dtype, type DtypeOption, Matrix, type MatrixInput, type MatrixLike, type TypedArray, type VectorInput } from './matrix.js';
export { RandomState, random } from './random.js';
export { version } from './version.js';
