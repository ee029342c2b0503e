// bitgrad/model: estimators, pipelines, and what stands beside them.

export * from '../data/index.js';
export { FileFormatError, FileLockedError } from '../files/errors.js';
export { decodeSafetensors, encodeSafetensors } from '../files/safetensors.js';
export type { Tensor, TensorDtype } from '../files/tensor.js';
export { MLPClassifier } from './classifier.js';
export type { MLPParameters, RegressorParameters } from './estimator-options.js';
export type { EstimatorFitOptions } from './mlp.js';
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type Estimator,
  Pipeline,
  type Splitter,
  type Transformer,
} from './pipeline.js';
export { MLPRegressor } from './regressor.js';
export { fromStateDict, type StateDictOptions, toStateDict } from './state-dict.js';
export {
  fromBytes,
  type Loaded,
  type LoadInfo,
  type LoadOptions,
  load,
  type Saveable,
  type SaveOptions,
  save,
  toBytes,
} from './store.js';
export type { LabelInput } from './targets.js';
