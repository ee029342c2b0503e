// Models of tables in files: what bitgrad/model saves, with the schema and the story of the training as notes.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DataError } from '../formats/errors.js';
import type { Engine } from '../index.js';
import { load, type MLPClassifier, type MLPRegressor, Pipeline, save } from '../model/index.js';
import type { RunNotes } from './run.js';
import type { ColumnSchema, Schema, TargetSchema } from './schema.js';

/** What learns: the end of a pipeline, or all there is. */
export type Learner = MLPClassifier<string | number | boolean> | MLPRegressor;

export interface TableModel {
  /** Takes tables by the columns' names; of sparse rows the estimator itself. */
  readonly model: Pipeline<Learner> | Learner;
  readonly notes: RunNotes;
}

export const learnerOf = ({ model }: Pick<TableModel, 'model'>): Learner =>
  model instanceof Pipeline ? (model.estimator as Learner) : model;

/** Writes it, whole or not at all. @throws what the host throws */
export async function saveModel({ model, notes }: TableModel, path: string): Promise<void> {
  // What the optimizer knows is in checkpoints, where it is needed.
  await save(model as MLPRegressor, path, { optimizer: false, notes });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isList = <T>(value: unknown, is: (each: unknown) => each is T): value is T[] =>
  Array.isArray(value) && value.every(is);
const isLabel = (value: unknown): value is string | number | boolean =>
  isText(value) || typeof value === 'boolean' || Number.isFinite(value);

const isColumn = (value: unknown): value is ColumnSchema =>
  isObject(value) &&
  isText(value.name) &&
  ['number', 'boolean', 'category'].includes(value.kind as string) &&
  isCount(value.missing) &&
  (value.kind !== 'category' || isList(value.categories, isText)) &&
  (value.fill === undefined || isLabel(value.fill));

const isTarget = (value: unknown): value is TargetSchema =>
  isObject(value) &&
  isText(value.name) &&
  (value.kind === 'number' ||
    (value.kind === 'category' && isList(value.classes, isLabel) && value.classes.length > 1));

const isSchema = (value: unknown): value is Schema =>
  isObject(value) &&
  ['classify', 'regress'].includes(value.task as string) &&
  isList(value.columns, isColumn) &&
  isTarget(value.target) &&
  (value.target.kind === 'category') === (value.task === 'classify') &&
  ['error', 'drop', 'mean', 'median'].includes(value.missing as string) &&
  (value.sparseColumns === undefined || isCount(value.sparseColumns)) &&
  Array.isArray(value.dropped);

const isNotes = (value: unknown): value is RunNotes =>
  isObject(value) && value.notes === 1 && isText(value.command) && isSchema(value.schema);

/** Whether schema and weights are of one another. */
function fits({ columns, sparseColumns, target }: Schema, model: TableModel['model']): boolean {
  const learner = learnerOf({ model });
  const classes = 'classes' in learner ? learner.classes : undefined;
  if (JSON.stringify(classes) !== JSON.stringify(target.classes)) return false;
  if (!(model instanceof Pipeline)) return sparseColumns === learner.network.inputs;
  const [first] = model.transformers as readonly { featureNamesIn?: readonly string[] }[];
  return JSON.stringify(first?.featureNamesIn) === JSON.stringify(columns.map(({ name }) => name));
}

/**
 * A model that `bitgrad train` or trainTable made.
 *
 * @throws {DataError} if the file is missing, or has no schema; {FileFormatError} if it is damaged
 */
export async function loadModel(path: string, options: { engine?: Engine } = {}): Promise<TableModel> {
  let model: Awaited<ReturnType<typeof load>>;
  try {
    model = await load(path, options);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new DataError('there is no such file', { file: path }, { cause });
    if (code === 'EACCES') throw new DataError('it may not be read', { file: path }, { cause });
    throw cause;
  }
  const { notes } = model.loadInfo;
  if (notes === undefined) {
    throw new DataError('it is a model without a schema: only what `bitgrad train` made knows its columns', {
      file: path,
    });
  }
  if (!isNotes(notes) || !fits(notes.schema, model as unknown as Learner)) {
    throw new DataError('its schema is damaged, or of another release', { file: path });
  }
  return { model: model as unknown as TableModel['model'], notes };
}

export interface FileHash {
  readonly bytes: number;
  readonly sha256: string;
}

/** Read in pieces. */
export async function hashFile(path: string): Promise<FileHash> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** Of numbers' bits. */
export function hashOf(numbers: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest('hex');
}
