// Pipelines as JSON: one step after the other, each as its own toJSON has it.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { ColumnTransformer } from '../data/column-transformer.js';
import { readJSON } from '../data/fitted-json.js';
import { CHAIN_TRANSFORMERS, isKnown, type KnownTransformer, transformerFromJSON } from '../data/transformers.js';
import { MLPClassifier } from './classifier.js';
import type { EstimatorJSON, JSONOptions } from './estimator-json.js';
import { NetworkEstimator } from './network-estimator.js';
import { MLPRegressor } from './regressor.js';
import { TransformedTargetRegressor } from './transformed-target.js';

/** What may stand before the estimator, and be written. */
export const TRANSFORMERS = { ...CHAIN_TRANSFORMERS, ColumnTransformer };

/** As far as both have it. */
interface EstimatorClass {
  new (parameters: never): MLPClassifier | MLPRegressor;
  fromJSON(json: never, options: JSONOptions): MLPClassifier | MLPRegressor;
}

export const ESTIMATORS: Readonly<Record<EstimatorJSON['kind'], EstimatorClass>> = { MLPClassifier, MLPRegressor };
/** What may end a pipeline, and be written. */
const LAST = { ...ESTIMATORS, NetworkEstimator, TransformedTargetRegressor };

/** What {@link Pipeline} is as plain JSON. */
export interface PipelineJSON {
  /** Tells it from what other classes write. */
  kind: 'Pipeline';
  /** What each step's toJSON gives, the estimator's last. */
  steps: { kind: string }[];
}

/** @throws {ValueError} naming the step that has no JSON */
export function pipelineJSON(steps: readonly unknown[]): PipelineJSON {
  const written = steps.map((step, i) => {
    if (isKnown(step, TRANSFORMERS) || isKnown(step, LAST)) return (step as KnownTransformer).toJSON();
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
  const last = steps.length - 1;
  return steps.map((step: unknown, i) => {
    if (i < last) return transformerFromJSON(step, TRANSFORMERS, 'json.steps', `[${i}]`);
    const kind: unknown = Object(step).kind;
    if (typeof kind === 'string' && Object.hasOwn(LAST, kind)) {
      return LAST[kind as keyof typeof LAST].fromJSON(step as never, options);
    }
    return refuseValue('json.steps', `one of ${Object.keys(LAST).join(', ')}`, kind, `[${i}].kind`);
  });
}
