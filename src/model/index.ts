// bitgrad/model: estimators, pipelines, and what stands beside them. To import it gives networks `predict` and `score`.

import { giveToNetworks } from './network-methods.js';

giveToNetworks();

export { FileFormatError, FileLockedError } from '../checks/errors.js';
export * from '../data/index.js';
export { type Contents, decodeSafetensors, encodeSafetensors } from '../files/safetensors.js';
export type { Tensor, TensorDtype } from '../files/tensor.js';
export type { BlobLike, FileHandleLike } from '../host/handles.js';
export { type Calibration, calibrate } from './calibrate.js';
export { type ClassifierWeights, MLPClassifier } from './classifier.js';
export { type CrossValPredictOptions, crossValPredict, type PredictionOf } from './cross-val-predict.js';
export { type CrossValidateOptions, type CrossValidation, crossValidate } from './cross-validate.js';
export type { EstimatorJSON, JSONOptions } from './estimator-json.js';
export type { ClassifierParameters, MLPParameters, RegressorParameters } from './estimator-options.js';
export type { EstimatorFitOptions } from './fit-options.js';
export type { NetworkMethods } from './network-api.js';
export { NetworkEstimator, type NetworkEstimatorJSON, type NetworkFitOptions } from './network-estimator.js';
export type { NetworkPrediction } from './network-predictions.js';
export {
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from './permutation-importance.js';
export type { AsyncOptions } from './pieces.js';
export { type EndOf, type Estimator, type FittedWith, Pipeline, type TargetsOf } from './pipeline.js';
export type { PipelineJSON } from './pipeline-json.js';
export { MLPRegressor, type Numbers } from './regressor.js';
export { inputSaliency, type SaliencyOptions } from './saliency.js';
export { getScorer, type ScorerName, type ScoringOptions, scorers } from './scoring.js';
export type { Distribution, ParameterSpace } from './search/draws.js';
export type { HalvingOptions } from './search/halving.js';
export { gridSearch, type RandomSearchOptions, randomSearch } from './search/index.js';
export type { ParameterGrid } from './search/parameters.js';
export type { Candidate, CandidateReport } from './search/rounds.js';
export type { RankedCandidate, Search, SearchOptions, SearchResult } from './search/search.js';
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
export type { Scoring, Splitter, StudyOptions } from './study.js';
export type { InnerRegressor, TransformedTargetOptions } from './target-parameters.js';
export type { NumberFunction, TargetTransformer } from './target-transformer.js';
export type { LabelInput, LearntOf, Predicted, PredictedOf } from './targets.js';
export { type PredictedBy, type TransformedTargetJSON, TransformedTargetRegressor } from './transformed-target.js';
export type { Parameters } from './transformer-with.js';
export type { ValidationSet } from './validation.js';
export type { GivenWeights } from './weights.js';
