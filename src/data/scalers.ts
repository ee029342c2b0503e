// Columns brought to one scale.
// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py and sklearn/utils/extmath.py.

export { MinMaxScaler, type MinMaxScalerJSON, type MinMaxScalerOptions } from './min-max-scaler.js';
export {
  type ScalerFitOptions,
  StandardScaler,
  type StandardScalerJSON,
  type StandardScalerOptions,
} from './standard-scaler.js';
