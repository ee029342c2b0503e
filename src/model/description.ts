// What a model's file says beside its weights: how it looks, and how it is checked before any of it is used.

import { FileFormatError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { classList } from '../data/fitted-json.js';
import type { Label } from '../data/labels.js';
import {
  type Check,
  checkForm,
  integer,
  list,
  mismatch,
  nothing,
  number,
  numbers,
  oneOf,
  optional,
  record,
  table,
} from '../files/schema.js';
import type { Tensor } from '../files/tensor.js';
import { addMore } from '../layers/add-more.js';
import { type NetworkOptions, readPlan } from '../network/plan.js';
import { plateauState, randomState, stopReason } from '../train/checkpoint-form.js';
import { stepState } from '../train/optimizers/forms.js';
import { mostSlots } from '../train/optimizers/optimizers.js';
import type { FitRecord } from './fit-record.js';
import type { LabelPlan } from './task.js';

export const KINDS = ['Network', 'MLPClassifier', 'MLPRegressor'] as const;

/** An estimator's state without its network. */

export interface Description {
  readonly kind: (typeof KINDS)[number];
  readonly network: NetworkOptions;
  /** Of an estimator, as getParams() returns them. */
  readonly parameters?: Record<string, unknown>;
  readonly state?: FitRecord;
  /** Of a pipeline, what stands before the estimator, each as its toJSON() returns it. */
  readonly scalers?: readonly { readonly kind: string }[];
  /** Of a regressor of transformed targets, what it does to them. */
  readonly target?: unknown;
}

/** Dividing the largest rate by 5 so often leaves none: no adaptive rate has been divided more often. */
const MOST_CUTS = 1000;

/** Options that make a plan, and leave nothing in it to a default. */
const networkForm: Check<NetworkOptions> = (value, path) => {
  const any = table((each) => each);
  oneOf('f64', 'f32')(any(value, path).dtype, `${path}.dtype`);
  const network = value as NetworkOptions;
  addMore();
  for (const [i, { options }] of readPlan(network, 'f64').layers.entries()) {
    const at = `${path}.layers[${i}]`;
    const given = any(network.layers[i], at);
    const missing = Object.keys(options).find((name) => own(given, name) === undefined);
    if (missing) mismatch(at, `does not say its ${missing}`);
  }
  return network;
};

/** Labels that the network's outputs stand for. */
const labelPlan =
  (outputs: number): Check<LabelPlan> =>
  (value, path) => {
    const kind = oneOf('binary', 'multiclass', 'multilabel');
    const plan = record<LabelPlan>({ kind, classes: classList as Check<readonly Label[]> })(value, path);
    const wanted = plan.kind === 'binary' ? [1, 2] : [plan.classes.length, Math.max(2, outputs)];
    if (outputs !== wanted[0] || plan.classes.length !== wanted[1]) {
      mismatch(path, `has ${plan.classes.length} classes, ${plan.kind}, for ${outputs} outputs of the network`);
    }
    if (plan.kind === 'multilabel' && plan.classes.some((label, i) => label !== i)) {
      mismatch(`${path}.classes`, "must be the columns' numbers");
    }
    return plan;
  };

function progressForm({ kind, network }: Pick<Description, 'kind' | 'network'>): Check<FitRecord> {
  const { size: parameters, dtype, outputs } = readPlan(network, 'f64');
  return record<FitRecord>({
    labels: kind === 'MLPClassifier' ? labelPlan(outputs) : nothing,
    optimizer: optional(stepState({ parameters, dtype }, mostSlots(), false)),
    random: randomState,
    samplesSeen: integer(0),
    cuts: integer(0, MOST_CUTS),
    plateau: optional(plateauState(Number.MAX_SAFE_INTEGER)),
    stopReason,
    // Files of the first version have no counts.
    nIter: optional(integer(0)) as Check<number>,
    nScores: optional(integer(0)) as Check<number>,
    bestLoss: optional(number) as Check<number>,
    bestScore: optional(number) as Check<number>,
    lossCurve: numbers(),
    // Files of before have none.
    validationLoss: optional(numbers()) as Check<number[]>,
    validationScores: numbers(),
    learningRates: numbers(),
  });
}

/** Refuses options that ask for more than the file has, before that is allocated. */
function checkLayerSize(network: NetworkOptions, tensors: ReadonlyMap<string, Tensor>): void {
  let present = 0;
  for (const { dtype, data } of tensors.values()) if (dtype === 'F64' || dtype === 'F32') present += data.byteLength;
  const { size: parameters } = readPlan(network, 'f64');
  const wanted = parameters * (network.dtype === 'f32' ? 4 : 8);
  if (wanted <= present) return;
  throw new FileFormatError(
    `the network needs ${parameters} parameters in ${wanted} bytes, the file has ${present} bytes of such numbers`,
  );
}

/** @throws {FileFormatError} naming the place where it is not of its form */
export function checkDescription(value: unknown, tensors: ReadonlyMap<string, Tensor>): Description {
  const any: Check<unknown> = (each) => each;
  const form = record<{ [Name in keyof Description]-?: unknown }>({
    kind: oneOf(...KINDS),
    network: networkForm,
    parameters: any,
    state: any,
    scalers: any,
    target: any,
  });
  const whole: Check<Description> = (given, path) => {
    const { kind, network, parameters, state, scalers, target } = form(given, path) as Description;
    checkLayerSize(network, tensors);
    if (kind === 'Network') {
      nothing(parameters ?? state ?? scalers ?? target, `${path}.state`);
      return { kind, network };
    }
    return {
      kind,
      network,
      parameters: table(any)(parameters, `${path}.parameters`),
      state: progressForm({ kind, network })(state, `${path}.state`),
      scalers: optional(list(table(any) as unknown as Check<{ kind: string }>))(scalers, `${path}.scalers`),
      target:
        kind === 'MLPRegressor' ? optional(table(any))(target, `${path}.target`) : nothing(target, `${path}.target`),
    };
  };
  return checkForm(whole, value, 'model', FileFormatError);
}
