// bitgrad/model: estimators, pipelines, and what stands beside them.

export { FileFormatError, FileLockedError } from '../checks/errors.js';
export * from '../data/index.js';
export { decodeSafetensors, encodeSafetensors } from '../files/safetensors.js';
export type { Tensor, TensorDtype } from '../files/tensor.js';
export type { BlobLike, FileHandleLike } from '../host/handles.js';
export { type ClassifierWeights, MLPClassifier } from './classifier.js';
export { type CrossValidateOptions, type CrossValidation, crossValidate, type Splitter } from './cross-validate.js';
export type { EstimatorJSON, JSONOptions } from './estimator-json.js';
export type { ClassifierParameters, MLPParameters, RegressorParameters } from './estimator-options.js';
export type { EstimatorFitOptions } from './fit-options.js';
export { NetworkEstimator, type NetworkFitOptions, type NetworkPrediction } from './network-estimator.js';
export type { AsyncOptions } from './pieces.js';
export { type Estimator, type FittedWith, Pipeline } from './pipeline.js';
export type { PipelineJSON } from './pipeline-json.js';
export { MLPRegressor, type Numbers } from './regressor.js';
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
export type { TargetTransformer } from './target-transformer.js';
export type { LabelInput, Predicted, PredictedOf } from './targets.js';
export {
  type InnerRegressor,
  type TransformedTargetJSON,
  type TransformedTargetOptions,
  TransformedTargetRegressor,
} from './transformed-target.js';
export type { ValidationSet } from './validation.js';
export type { GivenWeights } from './weights.js';
