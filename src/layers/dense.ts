// The dense layer: h = f(x W + b).

import { ValueError } from '../checks/errors.js';
import { readEach } from '../checks/readers.js';
import { checkFlag, checkInteger, checkName } from '../checks/values.js';
import type { TypedArray } from '../kernels/contract.js';
import type { Pack } from '../kernels/pack.js';
import type { Table } from '../kernels/table.js';
import type { MatrixInput, VectorInput } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { Curve } from './activation.js';
import {
  ACTIVATIONS,
  type ActivationName,
  type ActivationOptions,
  activationOf,
  activationOptions,
} from './activations.js';
import { INITIALIZER_NAMES, INITIALIZERS, type Initializer } from './initializers.js';
import { lineOf } from './kinds.js';
import type { Layer, LayerDefaults, Parameter, Tile } from './layer.js';
import type { Loss } from './loss.js';

/** A dense layer: activation(X weights + biases). */
export interface DenseOptions extends ActivationOptions {
  /** What kind of layer; dense is the default. */
  kind?: 'dense';
  /** Number of outputs, 1 or more. */
  units: number;
  /** Default: the network's. */
  activation?: ActivationName;
  /** Default: the network's. */
  bias?: boolean;
  /** Default: the network's. */
  initializer?: Initializer;
  /** What the weights begin with, inputs x units, instead of an initializer. */
  weights?: MatrixInput;
  /** What the biases begin with: `units` numbers, or 1 x units. */
  biases?: VectorInput | MatrixInput;
}

export class Dense implements Layer {
  /** Asked for at every layer: bitgrad/layers may have added activations, and so their options. */
  static get options(): string[] {
    return [
      'units',
      'activation',
      'bias',
      'initializer',
      'weights',
      'biases',
      ...Object.keys(activationOptions()),
      'kind',
    ];
  }

  readonly inputs: number;
  readonly outputs: number;
  readonly activation: ActivationName;
  readonly parameters: readonly Parameter[];
  readonly options: DenseOptions;
  readonly products: number;
  readonly modules: number;
  readonly keeps: number;
  readonly takesSparse = true;
  readonly pack: Pack<Table> | undefined;
  readonly #curve: Curve;
  /** Where its weights begin, in elements. */
  readonly #weightsAt: number;
  /** Where its biases begin, behind the weights; -1 without. */
  readonly #biasesAt: number;

  constructor(
    given: DenseOptions,
    where: string,
    inputs: number,
    at: number,
    defaults: LayerDefaults,
    loss: Loss | undefined,
  ) {
    const nameOf = (key: 'activation' | 'bias' | 'initializer') => (given[key] === undefined ? key : `${where}.${key}`);
    const units = checkInteger(given.units, `${where}.units`, 1);
    const name = given.activation ?? defaults.activation ?? 'identity';
    const activation = activationOf(name, nameOf('activation'));
    const bias = checkFlag(given.bias ?? defaults.bias ?? true, nameOf('bias'));
    const initializer = given.initializer ?? defaults.initializer ?? activation.initializer ?? 'glorotUniform';
    checkName(initializer, INITIALIZER_NAMES, nameOf('initializer'));
    const prefix = `${where}.`;
    // Those of other activations are checked, too.
    for (const [key, read] of Object.entries(activationOptions())) {
      const value = given[key as keyof ActivationOptions];
      if (value !== undefined) read(value, prefix + key);
    }
    const own = readEach(activation.options ?? {}, given, prefix);
    if (activation.last && !loss) {
      throw new ValueError(`"${where}.activation" is ${name}, which only the last layer can have`);
    }
    if (!bias && given.biases !== undefined) throw new ValueError(`"${where}" has biases, but "bias" is false`);
    const { curve } = activation;
    const size = inputs * units;
    const weights = {
      name: 'weights',
      tensor: 'weight',
      rows: inputs,
      cols: units,
      size,
      offset: at,
      vector: false,
      decays: true,
    };
    const biases = {
      name: 'biases',
      tensor: 'bias',
      rows: 1,
      cols: units,
      size: units,
      offset: at + size,
      vector: true,
      decays: false,
    };
    this.inputs = inputs;
    this.outputs = units;
    this.activation = name;
    this.parameters = bias ? [weights, biases] : [weights];
    this.options = { units, activation: name, initializer, ...own, bias };
    this.products = size;
    this.modules = name === 'identity' ? 1 : 2;
    this.keeps = activation.apart || loss?.fused?.includes(name) ? units : 0;
    this.pack = activation.pack;
    this.#curve = typeof curve === 'function' ? curve(own) : curve;
    this.#weightsAt = at;
    this.#biasesAt = bias ? at + size : -1;
  }

  initialize(rng: RandomState, [weights, biases]: readonly TypedArray[], hidden: ActivationName | undefined): void {
    const gain = (hidden && lineOf(ACTIVATIONS, hidden).gain) ?? 6;
    biases?.fill(0);
    INITIALIZERS[this.options.initializer as Initializer](rng, [this.inputs, this.outputs, gain], weights, biases);
  }

  forward({ k, rows, work, parameters, scratch, training, sparse }: Tile, x: number, h: number, kept: number): void {
    const { inputs, outputs } = this;
    const weights = parameters + this.#weightsAt * k.bytes;
    const biases = this.#biasesAt < 0 ? 0 : parameters + this.#biasesAt * k.bytes;
    if (x === 0) sparse?.forward(k, outputs, weights, biases, kept);
    else k.dense_forward(rows, inputs, outputs, x, weights, biases, kept, work);
    this.#curve.forward(k, rows * outputs, kept, h, scratch, training, rows);
  }

  delta({ k, rows }: Tile, h: number, kept: number, d: number): void {
    this.#curve.backward(k, rows * this.outputs, d, h, kept, d, rows);
  }

  gradients(
    { k, work, sparse }: Tile,
    from: number,
    rows: number,
    x: number,
    _kept: number,
    d: number,
    to: number,
  ): void {
    const { inputs, outputs } = this;
    const at = from * k.bytes;
    const weights = to + this.#weightsAt * k.bytes;
    const biases = this.#biasesAt < 0 ? 0 : to + this.#biasesAt * k.bytes;
    if (x === 0) {
      sparse?.gradients(k, outputs, d, weights);
      if (biases) k.dense_backward(rows, 0, outputs, x, d, weights, biases, work);
    } else k.dense_backward(rows, inputs, outputs, x + at * inputs, d + at * outputs, weights, biases, work);
  }

  back({ k, rows, work, parameters }: Tile, _kept: number, d: number, to: number): void {
    k.dense_input(rows, this.inputs, this.outputs, d, parameters + this.#weightsAt * k.bytes, to, work);
  }

  /**
   * Without the gradient: it is the outer product of the inputs, and a 1 for the biases, with dLoss/dz, so its norm is the
   * product of theirs (Goodfellow 2015, "Efficient per-example gradient computations").
   */
  addSquares(
    { k, rows }: Tile,
    x: number,
    _kept: number,
    d: number,
    room: number,
    view: TypedArray,
    squares: Float64Array,
  ): void {
    const ofInputs = room / k.bytes;
    const ofDeltas = ofInputs + rows;
    k.row_squares(rows, this.inputs, x, room);
    k.row_squares(rows, this.outputs, d, ofDeltas * k.bytes);
    const one = this.#biasesAt < 0 ? 0 : 1;
    for (let i = 0; i < rows; i++) squares[i] += view[ofDeltas + i] * (view[ofInputs + i] + one);
  }
}
