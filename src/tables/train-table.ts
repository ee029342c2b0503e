// A table in, a model out.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../formats/errors.js';
import type { CellTable, OpenTable } from '../formats/table.js';
import { engine as automatic, type Engine, Matrix, type Network, version } from '../index.js';
import { MLPClassifier, MLPRegressor, Pipeline } from '../model/index.js';
import { type History, type OptimizerName, type TrainingData, type TrainingSet, train } from '../train/index.js';
import { encodeTable } from './encode.js';
import { Evaluator } from './evaluation.js';
import { histogramsOf, saliencyOf } from './insight.js';
import type { Learner, TableModel } from './model-file.js';
import { inputColumns, preprocessing } from './preprocessing.js';
import type { Evaluation, Run, RunHistory, RunNotes } from './run.js';
import { type Scan, scanSparse, scanTable } from './scan.js';
import type { Schema } from './schema.js';
import { gatherSparse } from './sparse-rows.js';
import {
  batchOf,
  type ReadTrainingOptions,
  readTrainingOptions,
  type TableTrainingOptions,
} from './training-options.js';

/** Rows of training on which a model is judged where none were held out, and rows that saliency is taken of. */
const JUDGED = 100_000;
const LOOKED_AT = 1000;
/** Inputs of all of them. */
const LOOKED_AT_NUMBERS = 4_000_000;

/** What a training leaves, beside the model. */
export interface TableTraining extends TableModel {
  /** On the rows that were held out; else on those of training. */
  readonly evaluation: Evaluation;
  /** How each layer's weights are spread. */
  readonly weights: Run['weights'];
  /** Mean of |d output / d input| over rows, by column of the file, greatest first. */
  readonly saliency: Run['saliency'];
  /** Where it ran. */
  readonly ran: Run['ran'];
  /** `scan`, `encode`, `train`, `evaluate`. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Rows that a network takes. */
export interface Prepared {
  readonly data: TrainingData;
  readonly inputs: number;
  readonly rows: number;
  readonly held: TrainingSet | undefined;
  readonly heldRows: number;
  readonly droppedRows: number;
  readonly streamed: boolean;
  sample(rows: number): Promise<TrainingSet>;
  dispose(): void;
}

export function networkOf(schema: Schema, inputs: number, options: ReadTrainingOptions, engine: Engine): Network {
  const { hidden, activation, seed, dtype } = options;
  const classes = schema.target.classes?.length ?? 0;
  const output =
    classes > 2
      ? ({ units: classes, activation: 'softmax' } as const)
      : ({ units: 1, activation: classes === 2 ? 'sigmoid' : 'identity' } as const);
  const loss = classes > 2 ? 'crossEntropy' : classes === 2 ? 'binaryCrossEntropy' : 'mse';
  const layers = [...hidden.map((units) => ({ units, activation })), output];
  return engine.network({ inputs, layers, loss, seed, dtype });
}

/** An estimator of what a network learnt, which speaks of labels, and of numbers in their own units. */
export function estimatorOf(
  net: Network,
  { target }: Schema,
  { activation }: ReadTrainingOptions,
  engine: Engine,
): Learner {
  const coefs = net.weights.map((each) => Matrix.from(each));
  const intercepts = net.biases.map((each) => (each as Matrix).data.slice());
  const given = { coefs, intercepts, activation, engine, background: false };
  if (target.classes) return MLPClassifier.from({ ...given, classes: [...target.classes] }) as Learner;
  const last = coefs.length - 1;
  const { mean = 0, std = 1 } = target;
  const { data } = coefs[last];
  for (let i = 0; i < data.length; i++) data[i] *= std;
  for (let i = 0; i < intercepts[last].length; i++) intercepts[last][i] = intercepts[last][i] * std + mean;
  return MLPRegressor.from(given);
}

/** Rows of a table of cells. */
async function prepareCells(table: CellTable, scan: Scan, options: ReadTrainingOptions) {
  const columns = preprocessing(scan);
  const { onProgress } = options;
  const encoded = await encodeTable(table, scan, columns, {
    ...options,
    onProgress: (rows) => onProgress?.({ phase: 'encode', rows }),
  });
  const { train: store, held, droppedRows, streamed } = encoded;
  try {
    const prepared: Prepared = {
      data: await store.finish(),
      inputs: columns.nFeaturesOut,
      rows: store.rows,
      held: held.rows > 0 ? held.set : undefined,
      heldRows: held.rows,
      droppedRows,
      streamed,
      sample: (rows) => store.sample(rows),
      dispose: () => store.dispose(),
    };
    return { columns, prepared };
  } catch (error) {
    store.dispose();
    throw error;
  }
}

/** Where a training is kept, and whether what is there is of the same one. @throws {DataError} if it is of another */
async function checkpointOf({ checkpoint, resume }: ReadTrainingOptions, schema: Schema) {
  if (checkpoint === undefined) return undefined;
  const path = join(checkpoint, 'training.safetensors');
  const about = join(checkpoint, 'schema.json');
  const text = JSON.stringify(schema);
  await mkdir(checkpoint, { recursive: true });
  const before = resume ? await readFile(about, 'utf8').catch(() => undefined) : undefined;
  if (before !== undefined && before !== text) {
    throw new DataError(
      'the training there is of other columns or options: take another folder, or leave --resume out',
      {
        file: checkpoint,
      },
    );
  }
  if (before === undefined) await writeFile(about, text);
  return { path, resume };
}

function historyOf(history: History): RunHistory {
  const { loss, validationLoss, learningRate, epochs, every, bestEpoch, stopReason } = history;
  return {
    loss: [...loss],
    ...(validationLoss && { validationLoss: [...validationLoss] }),
    learningRate: [...learningRate],
    epochs,
    every,
    ...(bestEpoch !== undefined && { bestEpoch }),
    stopReason,
  };
}

/** @param background whether it is a worker that trains: the bits are the same */
export async function learn(
  net: Network,
  prepared: Pick<Prepared, 'data' | 'rows' | 'held' | 'streamed'>,
  options: ReadTrainingOptions,
  batchSize: number,
  schema: Schema,
  background = false,
) {
  const { solver, learningRate, epochs, patience, l2, seed, signal, onProgress } = options;
  const whole = solver === 'lbfgs';
  if (whole && prepared.streamed) {
    throw new DataError('lbfgs takes all rows at once, and these do not fit into memory: take another solver');
  }
  const { held } = prepared;
  const checkpoint = await checkpointOf(options, schema);
  return train(net, prepared.data, {
    epochs,
    ...(!whole && { batchSize: Math.min(batchSize, prepared.rows) }),
    optimizer: { name: solver, ...(learningRate !== undefined && { learningRate }) } as { name: OptimizerName },
    l2,
    seed,
    signal,
    background,
    ...(held && { validationData: held }),
    ...(patience > 0 && (held || !whole) && { earlyStopping: { patience } }),
    ...(checkpoint && { checkpoint }),
    onEpoch: ({ epoch, epochs: all, loss, validationLoss, rowsPerSecond, etaSeconds }) => {
      const rows = prepared.rows;
      onProgress?.({ phase: 'train', rows, epoch, epochs: all, loss, validationLoss, rowsPerSecond, etaSeconds });
    },
  });
}

/** @param set rows as the network takes them, targets as it learns them */
export function judge(learner: Learner, { X, y }: TrainingSet, schema: Schema): Evaluation {
  const { classes, mean = 0, std = 1 } = schema.target;
  const evaluator = new Evaluator(schema.target);
  const targets = y as Float32Array;
  if (classes) evaluator.add(targets, (learner as MLPClassifier).predictProba(X as Matrix).data);
  else
    evaluator.add(
      targets.map((each) => each * std + mean),
      (learner as MLPRegressor).predict(X as Matrix) as Float64Array,
    );
  return evaluator.finish();
}

/**
 * Trains a network on a table: columns are looked at, gaps and categories made numbers, rows held out, the network trained, and judged.
 *
 * The same table, options and release give the same bits on every host.
 *
 * @param table it is read twice
 * @returns a model that takes tables by the columns' names, and what is to be told of it; saveModel writes it
 * @throws {DataError} naming file, line and column; {ValueError} naming the option; the signal's reason
 */
export async function trainTable(table: OpenTable, given: TableTrainingOptions = {}): Promise<TableTraining> {
  const options = readTrainingOptions(given);
  const { engine = automatic, onProgress, seed, dtype } = options;
  const seconds: Record<string, number> = {};
  let from = performance.now();
  const took = (what: string) => {
    const now = performance.now();
    seconds[what] = (now - from) / 1000;
    from = now;
  };
  const scanOptions = { ...options, onProgress: (rows: number) => onProgress?.({ phase: 'scan', rows }) };
  const sparse = table.kind === 'sparse';
  const scan = sparse
    ? { ...(await scanSparse(table, scanOptions)), columns: [] }
    : await scanTable(table, scanOptions);
  const { schema } = scan;
  const skippedRows = table.skipped.length;
  took('scan');
  options.onSchema?.(schema, scan.rows);
  const { columns, prepared } = sparse
    ? { columns: undefined, prepared: await prepareSparse(table, scan, options) }
    : await prepareCells(table, scan, options);
  try {
    took('encode');
    const net = networkOf(schema, prepared.inputs, options, engine);
    const batchSize = options.batchSize ?? batchOf(prepared.rows);
    const history = await learn(net, prepared, options, batchSize, schema);
    took('train');
    const learner = estimatorOf(net, schema, options, engine);
    const evaluation = judge(learner, prepared.held ?? (await prepared.sample(JUDGED)), schema);
    const inputs = columns ? inputColumns(schema.columns) : Array.from({ length: prepared.inputs }, (_, j) => `${j}`);
    const saliency = saliencyOf(
      learner,
      await prepared.sample(Math.min(LOOKED_AT, Math.ceil(LOOKED_AT_NUMBERS / prepared.inputs))),
      inputs,
    );
    took('evaluate');
    const notes: RunNotes = {
      notes: 1,
      command: options.command,
      data: {
        files: [{ name: table.file, ...(table.progress.total !== undefined && { bytes: table.progress.total }) }],
        format: table.format,
        rows: scan.rows,
        trainRows: prepared.rows,
        validationRows: prepared.heldRows,
        skippedRows,
        droppedRows: prepared.droppedRows,
        streamed: prepared.streamed,
      },
      schema,
      network: {
        inputs: prepared.inputs,
        layers: net.options.layers.map((layer) => {
          const { units, activation } = layer as { units: number; activation: string };
          return { units, activation };
        }),
        loss: String(net.options.loss),
        parameters: net.parameters.length,
        dtype,
        optimizer: options.solver,
        batchSize: options.solver === 'lbfgs' ? prepared.rows : Math.min(batchSize, prepared.rows),
        seed,
      },
      history: historyOf(history),
      evaluation: {
        on: prepared.held ? 'validation' : 'training',
        rows: evaluation.rows,
        metrics: evaluation.metrics,
      },
      version,
      contractVersion: engine.info().contractVersion,
    };
    const model = columns ? new Pipeline<Learner>([columns, learner] as never) : learner;
    const ran = { backend: history.ran.backend, threads: history.ran.threads ?? 1, where: history.ran.where };
    return { model, notes, evaluation, weights: histogramsOf(net), saliency, ran, seconds };
  } finally {
    prepared.dispose();
  }
}

async function prepareSparse(
  table: Extract<OpenTable, { kind: 'sparse' }>,
  { schema, rows }: Pick<Scan, 'schema' | 'rows'>,
  options: ReadTrainingOptions,
): Promise<Prepared> {
  const { onProgress } = options;
  const { train: set, held } = await gatherSparse(table, schema, rows, {
    ...options,
    onProgress: (seen) => onProgress?.({ phase: 'encode', rows: seen }),
  });
  return {
    data: set,
    inputs: set.X.cols,
    rows: set.y.length,
    held,
    heldRows: held?.y.length ?? 0,
    droppedRows: 0,
    streamed: false,
    sample: async (most) => ({ X: set.X.slice(0, Math.min(most, set.y.length)), y: set.y.subarray(0, most) }),
    dispose: () => undefined,
  };
}
