// Pipelines as JSON: one step after the other, each as its own toJSON has it.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { readJSON } from '../data/fitted-json.js';
import { MinMaxScaler } from '../data/min-max-scaler.js';
import { OneHotEncoder } from '../data/one-hot-encoder.js';
import { StandardScaler } from '../data/standard-scaler.js';
import { MLPClassifier } from './classifier.js';
import type { EstimatorJSON, JSONOptions } from './estimator-json.js';
import { MLPRegressor } from './regressor.js';

const TRANSFORMERS = { StandardScaler, MinMaxScaler, OneHotEncoder };

/** As far as both have it. */
interface EstimatorClass {
  new (parameters: never): MLPClassifier | MLPRegressor;
  fromJSON(json: never, options: JSONOptions): MLPClassifier | MLPRegressor;
}

export const ESTIMATORS: Readonly<Record<EstimatorJSON['kind'], EstimatorClass>> = { MLPClassifier, MLPRegressor };

export interface PipelineJSON {
  kind: 'Pipeline';
  /** What each step's toJSON gives, the estimator's last. */
  steps: { kind: string }[];
}

/** @throws {ValueError} naming the step that has no JSON */
export function pipelineJSON(steps: readonly unknown[]): PipelineJSON {
  const kinds: (new (options: never) => { toJSON(): { kind: string } })[] = Object.values({
    ...TRANSFORMERS,
    ...ESTIMATORS,
  });
  const written = steps.map((step, i) => {
    if (kinds.some((Kind) => step instanceof Kind)) return (step as { toJSON(): { kind: string } }).toJSON();
    throw new ValueError(
      `"steps"[${i}] is ${describe(step)}: scalers and estimators of bitgrad can be written as JSON, keep others yourself`,
    );
  });
  return { kind: 'Pipeline', steps: written };
}

/** The steps that it wrote. @throws {ValueError} naming what is wrong */
export function readPipelineJSON(json: unknown, options: JSONOptions): unknown[] {
  const steps = own(readJSON<PipelineJSON>(json, 'Pipeline'), 'steps');
  if (!Array.isArray(steps) || steps.length === 0) {
    return refuseValue('json.steps', 'an array of one step or more', steps);
  }
  return steps.map((step: unknown, i) => {
    const kind: unknown = Object(step).kind;
    const last = i === steps.length - 1;
    const known = last ? ESTIMATORS : TRANSFORMERS;
    if (typeof kind !== 'string' || !Object.hasOwn(known, kind)) {
      return refuseValue('json.steps', `one of ${Object.keys(known).join(', ')}`, kind, `[${i}].kind`);
    }
    if (last) return ESTIMATORS[kind as keyof typeof ESTIMATORS].fromJSON(step as never, options);
    return TRANSFORMERS[kind as keyof typeof TRANSFORMERS].fromJSON(step as never);
  });
}
