// Layer normalization (Ba et al. 2016): each row of its inputs with mean 0 and variance 1, then a learnt factor and a learnt
// number to add for each column.

import { layers } from '../backend/layers.js';
import { checkFlag, checkPositive } from '../checks/values.js';
import type { TypedArray } from '../kernels/contract.js';
import type { MatrixInput, VectorInput } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { Layer, LayerDefaults, Parameter, Tile } from './layer.js';
import { addRowSquares, factors, refuseBiases, shifts } from './parameters.js';

/** A layer that gives each row mean 0 and variance 1 (Ba et al. 2016). */
export interface LayerNormOptions {
  /** Names the layer. */
  kind: 'layerNorm';
  /** What is added to the variance; default 1e-5. */
  epsilon?: number;
  /** Default: the network's. */
  bias?: boolean;
  /** The factors that it begins with, one for each input; default 1. */
  weights?: VectorInput | MatrixInput;
  /** What it adds in the beginning, one for each input; default 0. */
  biases?: VectorInput | MatrixInput;
}

export class LayerNorm implements Layer {
  static readonly options = ['epsilon', 'bias', 'weights', 'biases', 'kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters: readonly Parameter[];
  readonly options: { kind: 'layerNorm'; epsilon: number; bias: boolean };
  readonly products = 0;
  readonly modules = 1;
  /** The normalized rows, and behind them the factor of each row. */
  readonly keeps: number;
  readonly #at: number;

  constructor(given: LayerNormOptions, where: string, inputs: number, at: number, defaults: LayerDefaults) {
    const bias = checkFlag(given.bias ?? defaults.bias ?? true, given.bias === undefined ? 'bias' : `${where}.bias`);
    if (!bias) refuseBiases(given, where);
    this.inputs = inputs;
    this.outputs = inputs;
    this.options = { kind: 'layerNorm', epsilon: checkPositive(given.epsilon ?? 1e-5, `${where}.epsilon`), bias };
    this.parameters = bias ? [factors(inputs, at), shifts(inputs, at + inputs)] : [factors(inputs, at)];
    this.keeps = inputs + 1;
    this.#at = at;
  }

  initialize(_rng: RandomState, [weights, biases]: readonly TypedArray[]): void {
    weights.fill(1);
    biases?.fill(0);
  }

  #scales({ k, rows }: Tile, kept: number): number {
    return kept + rows * this.inputs * k.bytes;
  }

  forward(tile: Tile, x: number, h: number, kept: number): void {
    const { k, rows, parameters } = tile;
    const { inputs, options } = this;
    const weights = parameters + this.#at * k.bytes;
    const biases = options.bias ? weights + inputs * k.bytes : 0;
    k.layer_norm(rows, inputs, options.epsilon, x, weights, biases, h, kept, this.#scales(tile, kept));
  }

  delta(): void {}

  gradients({ k, work }: Tile, from: number, rows: number, _x: number, kept: number, d: number, to: number): void {
    const { inputs } = this;
    const first = from * inputs * k.bytes;
    const weights = to + this.#at * k.bytes;
    k.column_products(rows, inputs, kept + first, d + first, weights);
    if (this.options.bias) k.dense_backward(rows, 0, inputs, d, d + first, weights, weights + inputs * k.bytes, work);
  }

  back(tile: Tile, kept: number, d: number, to: number): void {
    const { k, rows, parameters } = tile;
    k.layer_norm_delta(rows, this.inputs, d, parameters + this.#at * k.bytes, kept, this.#scales(tile, kept), to);
  }

  addSquares(
    tile: Tile,
    _x: number,
    kept: number,
    d: number,
    room: number,
    view: TypedArray,
    squares: Float64Array,
  ): void {
    const { k, rows, scratch } = tile;
    const n = rows * this.inputs;
    k.multiply(n, kept, d, scratch);
    addRowSquares(tile, this.inputs, scratch, room, view, squares);
    if (this.options.bias) addRowSquares(tile, this.inputs, d, room, view, squares);
  }
}
