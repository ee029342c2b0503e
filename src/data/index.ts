// What stands beside the estimators: labels, scalers, encoders, splits and metrics, with scikit-learn's semantics.

export { NotFittedError } from '../checks/errors.js';
export type { JSONNumber } from '../checks/json-number.js';
export {
  LabelBinarizer,
  type LabelBinarizerJSON,
  type LabelBinarizerOptions,
  LabelEncoder,
  type LabelEncoderJSON,
  OneHotEncoder,
  type OneHotEncoderJSON,
  type OneHotEncoderOptions,
} from './encoders.js';
export { type FoldOptions, KFold, StratifiedKFold } from './folds.js';
export { type Label, uniqueLabels } from './labels.js';
export * from './metrics.js';
export * from './scalers.js';
export {
  type Indices,
  type TrainTestOptions,
  type TrainTestSizes,
  type TrainTestSplit,
  trainTestIndices,
  trainTestSplit,
} from './splits.js';
export { type NumberArray, type Taken, takeRows } from './tables.js';
