// Models for elsewhere: JavaScript without dependencies, ONNX, JSON.

import { javascriptOf } from './javascript/javascript.js';
import { typesOf } from './javascript/types.js';
import { jsonOf, type ModelJSON } from './json.js';
import { onnxOf } from './onnx/onnx.js';
import { type Exportable, planOf } from './plan.js';

export { ExportError } from './errors.js';
export { EXPORTERS, type Exported, type ExportForm, exportModel } from './exporters.js';
export type { ModelJSON } from './json.js';
export type { Exportable } from './plan.js';

/**
 * A model as one ES module that imports nothing: `columns`, `predict(rows)` and, of a classifier, `classes` and `predictProba(rows)`. It
 * predicts the model's bits, in Node, browsers and QuickJS.
 *
 * @param model what can be saved, or a NetworkEstimator; fitted
 * @param notes what was saved with it: names of columns and of the target, where the model has none
 * @throws {ExportError} naming the part that cannot be exported; {NotFittedError}
 */
export const toJavaScript = (model: Exportable, notes?: unknown): string => javascriptOf(planOf(model, notes));

/** The declarations of that module, a `.d.ts`. @throws as toJavaScript */
export const toTypes = (model: Exportable, notes?: unknown): string => typesOf(planOf(model, notes));

/**
 * A model as ONNX (opset 19). A pipeline that begins with a ColumnTransformer has an input for each column, rows x 1 of double or string, by
 * its name; others have one, `X`. A classifier's outputs are `label` and `probabilities`, those of others `variable`.
 *
 * @param notes as of toJavaScript
 * @returns the file, and in what it differs from the model, in words
 * @throws {ExportError} naming the part that cannot be exported; {NotFittedError}
 */
export const toONNX = (model: Exportable, notes?: unknown): { bytes: Uint8Array; warnings: string[] } =>
  onnxOf(planOf(model, notes));

/** A model's JSON, with the columns' names and the notes. @throws {ValueError} of more than a million parameters */
export const toModelJSON = (model: Exportable, notes?: unknown): ModelJSON =>
  jsonOf(model, planOf(model, notes), notes);
