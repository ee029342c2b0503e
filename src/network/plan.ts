// A network's options, read and checked once into a plan.

import { ShapeError, ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { readEach } from '../checks/readers.js';
import { checkInteger, checkName, refuseValue } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { type ActivationName, checkKnown, more } from '../layers/activations.js';
import type { Initializer } from '../layers/initializers.js';
import { lineOf } from '../layers/kinds.js';
import type { Layer, Parameter } from '../layers/layer.js';
import { type LayerOptions, readLayer } from '../layers/layers.js';
import type { Evaluation, Loss, LossFunction } from '../layers/loss.js';
import { LOSS_NAMES, LOSSES, type LossName, OPTIONS_OF_LOSSES, type OptionsOfLosses } from '../layers/losses.js';
import { checkDtype, copyOf, isVector, readMatrix, type TypedArray } from '../matrix/operand.js';

/** Options of {@link Engine.network}. */
export interface NetworkOptions<D extends Dtype = Dtype> extends OptionsOfLosses {
  /** Number of inputs, 1 or more. */
  inputs: number;
  /** From the first hidden layer to the output; a number is `{ units }`. */
  layers: readonly (number | LayerOptions)[];
  /** Default `'mse'`. */
  loss?: LossName | LossFunction;
  /** Of layers that state none; default `'identity'`. */
  activation?: ActivationName;
  /** Whether layers have biases; default true. */
  bias?: boolean;
  /** Of layers that state none; default their activation's: heUniform for relu and its kin, glorotUniform for most others. */
  initializer?: Initializer;
  /** Of parameters and of all that is computed; default: the engine's. */
  dtype?: D;
  /** Of the initial weights, 0 to 2^32 - 1; default 0. */
  seed?: number;
  /** `'mean'` (default) divides the sum over rows by their number, or by the sum of their weights; `'sum'` does not. */
  reduction?: 'mean' | 'sum';
  /** What a result that is not finite does: `'propagate'` (default) returns it, `'throw'` throws a NonFiniteError. */
  onNonFinite?: 'throw' | 'propagate';
}

/** A loss as it was checked, after its last activation. */
export interface PlannedLoss extends Pick<Loss, 'classes' | 'range' | 'signs'>, Evaluation {
  readonly name: LossName | 'custom';
  /** The loss itself among them. */
  readonly options: OptionsOfLosses & Pick<NetworkOptions, 'loss'>;
  /** Columns of targets. */
  readonly targets: number;
  /** Whether it gives dLoss/dz of the last layer's logits, not dLoss/do. */
  readonly fused: boolean;
  /** What its targets are called; default y. */
  readonly target?: string;
}

/** The same network with the sum of y * o for a loss: handed dLoss/do as y, it sends that back. */
export const linearOf = (plan: Plan): Plan => ({
  ...plan,
  reduction: 'sum',
  loss: {
    // Nobody's prototype says that it is fused, or needs a pack.
    __proto__: null,
    target: 'outputGradient',
    targets: plan.outputs,
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.rscl(rows * cols, 1, y, d);
      k.multiply(rows * cols, y, o, t);
      k.row_sums(rows, cols, 1, t, l);
    },
  } as Partial<PlannedLoss> as PlannedLoss,
});

export interface Plan {
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly Layer[];
  readonly loss: PlannedLoss;
  readonly dtype: Dtype;
  readonly seed: number;
  readonly reduction: 'mean' | 'sum';
  readonly onNonFinite: 'throw' | 'propagate';
  /** Number of parameters. */
  readonly size: number;
}

const NETWORK_OPTIONS = ['activation', 'bias', 'initializer', 'dtype', 'seed', 'reduction', 'onNonFinite'];

function readGiven(value: unknown, where: string, { name: what, rows, cols }: Parameter): TypedArray | undefined {
  if (value === undefined) return undefined;
  const name = `${where}.${what}`;
  const given = isVector(value) && rows === 1 ? [value] : value;
  const operand = readMatrix(given, name);
  const { rows: m, cols: n } = operand;
  if (m !== rows || n !== cols)
    throw new ShapeError(`"${name}" is ${m}x${n}, but the layer has ${rows}x${cols} ${what}`);
  return copyOf(operand, 'f64');
}

/**
 * What the layers' options gave for each of their parameters: copies, because memory may grow and detach its views before
 * they are used.
 */
export function readParameters({ layers }: NetworkOptions, plan: Plan): (TypedArray | undefined)[][] {
  return plan.layers.map(({ parameters }, i) => {
    const given: Partial<Record<string, unknown>> = Object(layers[i]); // a number has none
    return parameters.map((parameter) => readGiven(own(given, parameter.name), `layers[${i}]`, parameter));
  });
}

function planLoss(
  name: LossName | 'custom',
  options: PlannedLoss['options'],
  activation: ActivationName,
  outputs: number,
): PlannedLoss {
  const { after, fused, classes, range, signs, evaluation } = lineOf(LOSSES, name) as Loss;
  if (after && !after.includes(activation)) {
    const pairs = LOSS_NAMES.map((loss) => `${loss} with ${lineOf(LOSSES, loss).after?.join(' or ') ?? 'any'}`).join(
      ', ',
    );
    throw new ValueError(`"loss" ${name} does not go with a last activation ${activation}; legal are ${pairs}`);
  }
  const end = { ...options, activation, outputs };
  return {
    name,
    options,
    classes,
    range,
    signs,
    fused: fused?.includes(activation) ?? false,
    // What an evaluation does not say is nobody's: Object.prototype may have it.
    targets: outputs,
    pack: undefined,
    on: undefined,
    ...(typeof evaluation === 'function' ? evaluation(end) : evaluation),
  };
}

/** @throws {ValueError|ShapeError|DtypeError} naming the option */
export function readPlan(given: NetworkOptions, fallback: Dtype): Plan {
  const wanted = own(Object(given) as NetworkOptions, 'loss') ?? 'mse';
  const loss =
    typeof wanted === 'function' && own(LOSSES, 'custom') ? 'custom' : checkKnown(wanted, LOSS_NAMES, 'loss');
  // Its own, and those of the core's.
  const ofLoss = { ...OPTIONS_OF_LOSSES, ...(lineOf(LOSSES, loss) as Loss).options };
  const options = readOptions(
    given,
    ['inputs', 'layers', 'loss', ...Object.keys(ofLoss), ...NETWORK_OPTIONS],
    'network',
    more(),
  );
  const inputs = checkInteger(options.inputs, 'inputs', 1);
  const all: readonly unknown[] = Array.isArray(options.layers) ? Array.from(options.layers) : [];
  if (all.length === 0) refuseValue('layers', 'an array of one layer or more', options.layers);
  const layers: Layer[] = [];
  let size = 0;
  let outputs = inputs;
  for (const [i, given] of all.entries()) {
    const following = i < all.length - 1 ? undefined : lineOf(LOSSES, loss);
    const layer = readLayer(given, `layers[${i}]`, outputs, size, options, following, layers);
    layers.push(layer);
    outputs = layer.outputs;
    for (const parameter of layer.parameters) size += parameter.size;
  }
  return {
    inputs,
    outputs,
    layers,
    loss: planLoss(
      loss,
      { loss: wanted, ...readEach(ofLoss, options, '') },
      layers[all.length - 1].activation,
      outputs,
    ),
    dtype: checkDtype(options.dtype ?? fallback),
    seed: options.seed ?? 0,
    reduction: checkName(options.reduction ?? 'mean', ['mean', 'sum'], 'reduction'),
    onNonFinite: checkName(options.onNonFinite ?? 'propagate', ['throw', 'propagate'], 'onNonFinite'),
    size,
  };
}

/** Options that make a network of the same plan, without parameters. */
export function optionsOf({ inputs, layers, loss, dtype, seed, reduction, onNonFinite }: Plan) {
  return {
    inputs,
    layers: layers.map(({ options }) => ({ ...(options as LayerOptions) })),
    ...loss.options,
    dtype,
    seed,
    reduction,
    onNonFinite,
  };
}
