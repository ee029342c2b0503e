// How good predictions are, with scikit-learn's definitions. Sums are in f64, in order, so the bits are the same
// everywhere.

export { accuracyScore, type ConfusionOptions, confusionMatrix } from './metrics/confusion.js';
export {
  f1Score,
  precisionScore,
  recallScore,
  type ScoreOptions,
} from './metrics/precision-recall.js';
export { type LogLossOptions, logLoss, type RocAucOptions, rocAucScore } from './metrics/probabilities.js';
export {
  meanAbsoluteError,
  meanSquaredError,
  type R2Options,
  type RegressionOptions,
  r2Score,
} from './metrics/regression.js';
