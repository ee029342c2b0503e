// A model as JSON that `fromJSON` of its class takes back, and what was noted of it.

import type { NetworkEstimator, Pipeline } from '../model/index.js';
import type { Exportable, ModelPlan } from './plan.js';

export interface ModelJSON {
  format: 'bitgrad model';
  version: 1;
  /** The package's that wrote it. */
  bitgrad: string;
  /** Names of the columns, in their order. */
  columns: readonly string[];
  /** What the model's toJSON() gives: its class's fromJSON() takes it. */
  model: ReturnType<NetworkEstimator['toJSON']> | ReturnType<Pipeline['toJSON']> | object;
  /** As they were saved with it. */
  notes?: unknown;
}

/** @throws {ValueError} of more than a million parameters, and of what has no JSON */
export const jsonOf = (model: Exportable, { version, columns }: ModelPlan, notes: unknown): ModelJSON => ({
  format: 'bitgrad model',
  version: 1,
  bitgrad: version,
  columns,
  model: model.toJSON(),
  ...(notes !== undefined && { notes }),
});
