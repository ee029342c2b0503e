// What stands beside the estimators: labels, scalers, encoders, splits and metrics, with scikit-learn's semantics.

export { NotFittedError } from '../checks/errors.js';
export type { JSONNumber } from '../checks/json-number.js';
export { type NumberArray, type Taken, takeRows } from '../matrix/copies.js';
export { type CSC, type CSR, type Entry, SparseMatrix, type SparseOptions } from '../matrix/sparse.js';
export { type Cell, Table, type TableInput } from '../matrix/table.js';
export type { GivenCategories } from './categories.js';
export { type ClassWeight, computeSampleWeight } from './class-weights.js';
export {
  type ColumnPart,
  ColumnTransformer,
  type ColumnTransformerJSON,
  type ColumnTransformerOptions,
} from './column-transformer.js';
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
export { type Category, type Label, uniqueLabels } from './labels.js';
export { MaxAbsScaler, type MaxAbsScalerJSON } from './max-abs-scaler.js';
export { balancedAccuracyScore, matthewsCorrcoef } from './metrics/agreement.js';
export type { AreaAverage } from './metrics/areas.js';
export { accuracyScore, type ConfusionOptions, confusionMatrix, type WeightOptions } from './metrics/confusion.js';
export {
  auc,
  type CurveOptions,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocCurve,
} from './metrics/curves.js';
export { d2PinballScore, meanPinballLoss, type PinballLossOptions } from './metrics/pinball.js';
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
  type MeasuredTargets,
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
export {
  ClassificationReport,
  type ClassReport,
  classificationReport,
  type ReportOptions,
  type Scores,
} from './metrics/report.js';
export type { Average, ScoreOptions } from './metrics/tally.js';
export { MinMaxScaler, type MinMaxScalerJSON, type MinMaxScalerOptions } from './min-max-scaler.js';
export { type OneHot, OneHotEncoder } from './one-hot-encoder.js';
export type { OneHotEncoderJSON, OneHotEncoderOptions } from './one-hot-json.js';
export {
  LeaveOneOut,
  type RepeatedFoldOptions,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  TimeSeriesSplit,
  type TimeSeriesSplitOptions,
} from './ordered-splits.js';
export { OrdinalEncoder, type OrdinalEncoderJSON, type OrdinalEncoderOptions } from './ordinal-encoder.js';
export {
  PiecewiseLinearEncoder,
  type PiecewiseLinearEncoderJSON,
  type PiecewiseLinearEncoderOptions,
} from './piecewise-linear-encoder.js';
export {
  QuantileTransformer,
  type QuantileTransformerJSON,
  type QuantileTransformerOptions,
} from './quantile-transformer.js';
export { RobustScaler, type RobustScalerJSON, type RobustScalerOptions } from './robust-scaler.js';
export { ShuffleSplit, type ShuffleSplitOptions, StratifiedShuffleSplit } from './shuffle-splits.js';
export { SimpleImputer, type SimpleImputerJSON, type SimpleImputerOptions } from './simple-imputer.js';
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
export type { AnalyzerOptions } from './text/analyzer.js';
export { CountVectorizer, type CountVectorizerJSON, type CountVectorizerOptions } from './text/count-vectorizer.js';
export {
  HashingVectorizer,
  type HashingVectorizerJSON,
  type HashingVectorizerOptions,
} from './text/hashing-vectorizer.js';
export type { Norm } from './text/norms.js';
export type { TextInput } from './text/texts.js';
export {
  TfidfTransformer,
  type TfidfTransformerJSON,
  type TfidfTransformerOptions,
} from './text/tfidf-transformer.js';
export { TfidfVectorizer, type TfidfVectorizerJSON, type TfidfVectorizerOptions } from './text/tfidf-vectorizer.js';
export type { Transformer } from './transformer.js';
