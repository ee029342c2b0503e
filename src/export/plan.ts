// A model as what every form of export is made of: plain data, read by public members alone.

import { version } from '../index.js';
import {
  type ColumnTransformer,
  type Label,
  MLPClassifier,
  MLPRegressor,
  NetworkEstimator,
  Pipeline,
  type Saveable,
  TransformedTargetRegressor,
} from '../model/index.js';
import { ExportError } from './errors.js';
import { type NetworkPlan, networkPlan } from './network.js';
import { type ColumnKind, kindsOf, nameOf, type Step, stepOf, undoOf } from './steps.js';

/** What can be exported: what can be saved, and estimators around networks. */
export type Exportable = Saveable | NetworkEstimator | Pipeline<NetworkEstimator>;

/** Of two classes, one of several, or several at once: then they are the outputs' numbers. */
export interface ClassifierHead {
  readonly kind: 'binary' | 'multiclass' | 'multilabel';
  readonly classes: readonly Label[];
}

export interface RegressionHead {
  readonly kind: 'regression';
  /** What turns outputs into targets; null: they are. */
  readonly undo: Step | null;
  /** Whether that is of one column, and all outputs are of its kind. */
  readonly alike: boolean;
  /** Whether a row's prediction is a number, not an array of one. */
  readonly vector: boolean;
}

export interface ModelPlan {
  /** The package's. */
  readonly version: string;
  /** Names of the columns; `x0`, `x1`, ... where nobody said any. */
  readonly columns: readonly string[];
  /** Whether rows of objects were fitted, or somebody said names. */
  readonly named: boolean;
  /** undefined of a column that nothing is made of. */
  readonly kinds: readonly (ColumnKind | undefined)[];
  readonly steps: readonly Step[];
  readonly network: NetworkPlan;
  readonly head: ClassifierHead | RegressionHead;
  /** What the target is called, if that is known. */
  readonly target: string | undefined;
}

/** As estimators have it: what fits it is not asked for. */
type Network = MLPRegressor['network'];

const isNetwork = (model: unknown): model is Network =>
  typeof Object(model).jacobian === 'function' && typeof Object(model).forward === 'function';

function classifier(net: Network, classes: readonly Label[]): ClassifierHead {
  const { layers } = net.options;
  const { activation } = Object(layers[layers.length - 1]);
  return { kind: activation === 'softmax' ? 'multiclass' : net.outputs === 1 ? 'binary' : 'multilabel', classes };
}

/** What ends a pipeline, or stands by itself: its network, and what its outputs mean. */
function endOf(model: unknown): { net: Network; head: ModelPlan['head'] } {
  if (isNetwork(model)) {
    // By its loss: an estimator knows what that says.
    const { classes } = new NetworkEstimator(model);
    const { outputs } = model;
    const regression = { kind: 'regression', undo: null, alike: false, vector: outputs === 1 } as const;
    return { net: model, head: classes ? classifier(model, classes) : regression };
  }
  if (model instanceof NetworkEstimator || model instanceof MLPRegressor) return endOf(model.network);
  if (model instanceof MLPClassifier)
    return { net: model.network, head: classifier(model.network, model.classes as Label[]) };
  if (model instanceof TransformedTargetRegressor) {
    const { net } = endOf(model.regressor);
    // Whether y was one number a row is seen in what comes of any.
    const vector = ArrayBuffer.isView(model.predict([new Array<number>(net.inputs).fill(0)]));
    const alike = net.outputs > 1 && (model.quantiles?.length ?? 0) > 1;
    return { net, head: { kind: 'regression', undo: undoOf(model.transformer), alike, vector } };
  }
  throw new ExportError(
    `"model" ends in ${nameOf(model)}, which cannot be exported: give a Network, an MLPClassifier, an MLPRegressor, a TransformedTargetRegressor, a NetworkEstimator, or a Pipeline that ends in one`,
  );
}

/** Names in notes of a training, as src/tables/run.ts has them; what is none of those is passed over. */
function namesIn(notes: unknown): { columns: string[]; target: string | undefined } {
  const { columns, target } = Object(Object(notes).schema);
  const names = Array.isArray(columns) ? columns.map((column) => Object(column).name) : [];
  const known = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  const { name } = Object(target);
  return { columns: known ? names : [], target: typeof name === 'string' ? name : undefined };
}

/**
 * Reads a model.
 *
 * @param notes what was saved with it, if anything was: names of columns and of the target, where the model has none
 * @throws {ExportError} naming the part that cannot be exported; {NotFittedError} before fit
 */
export function planOf(model: Exportable, notes?: unknown): ModelPlan {
  const transformers: readonly unknown[] = model instanceof Pipeline ? model.transformers : [];
  const { net, head } = endOf(model instanceof Pipeline ? model.estimator : model);
  const steps = transformers.map((transformer, i) => stepOf(transformer, `step ${i} of the pipeline`));
  const first = transformers[0] as ColumnTransformer | undefined;
  const cols = first ? first.nFeaturesIn : net.inputs;
  const said = namesIn(notes);
  const names = first?.featureNamesIn ?? (said.columns.length === cols ? said.columns : undefined);
  return {
    version,
    columns: names ?? Array.from({ length: cols }, (_, j) => `x${j}`),
    named: names !== undefined,
    kinds: kindsOf(steps, cols),
    steps,
    network: networkPlan(net),
    head,
    target: said.target,
  };
}
