// What stands beside the estimators: labels, scalers, encoders, splits and metrics, with scikit-learn's semantics.

export { NotFittedError } from '../checks/errors.js';
export type { JSONNumber } from '../checks/json-number.js';
export { type NumberArray, type Taken, takeRows } from '../matrix/copies.js';
export {
  LabelBinarizer,
  type LabelBinarizerJSON,
  type LabelBinarizerOptions,
  LabelEncoder,
  type LabelEncoderJSON,
} from './encoders.js';
export { type FoldOptions, KFold, StratifiedKFold } from './folds.js';
export { GroupKFold, StratifiedGroupKFold } from './group-folds.js';
export type { LabelTargets } from './indicators.js';
export { type Label, uniqueLabels } from './labels.js';
export { balancedAccuracyScore, matthewsCorrcoef } from './metrics/agreement.js';
export { accuracyScore, type ConfusionOptions, confusionMatrix } from './metrics/confusion.js';
export {
  auc,
  type CurveOptions,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocCurve,
} from './metrics/curves.js';
export {
  type FbetaOptions,
  f1Score,
  fbetaScore,
  precisionScore,
  recallScore,
} from './metrics/precision-recall.js';
export { type LogLossOptions, logLoss, type TopKOptions, topKAccuracyScore } from './metrics/probabilities.js';
export { type AreaOptions, averagePrecisionScore, type RocAucOptions, rocAucScore } from './metrics/ranking.js';
export {
  meanAbsoluteError,
  meanSquaredError,
  type R2Options,
  type RegressionOptions,
  r2Score,
} from './metrics/regression.js';
export {
  meanAbsolutePercentageError,
  meanSquaredLogError,
  rootMeanSquaredError,
} from './metrics/relative-errors.js';
export { ClassificationReport, type ClassReport, classificationReport, type ReportOptions } from './metrics/report.js';
export type { ScoreOptions } from './metrics/tally.js';
export { MinMaxScaler, type MinMaxScalerJSON, type MinMaxScalerOptions } from './min-max-scaler.js';
export { OneHotEncoder, type OneHotEncoderJSON, type OneHotEncoderOptions } from './one-hot-encoder.js';
export {
  LeaveOneOut,
  type RepeatedFoldOptions,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  TimeSeriesSplit,
  type TimeSeriesSplitOptions,
} from './ordered-splits.js';
export { ShuffleSplit, type ShuffleSplitOptions, StratifiedShuffleSplit } from './shuffle-splits.js';
export {
  type Indices,
  type TrainTestOptions,
  type TrainTestSizes,
  type TrainTestSplit,
  trainTestIndices,
  trainTestSplit,
} from './splits.js';
export {
  type ScalerFitOptions,
  StandardScaler,
  type StandardScalerJSON,
  type StandardScalerOptions,
} from './standard-scaler.js';
