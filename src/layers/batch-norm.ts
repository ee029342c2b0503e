// Batch normalization (Ioffe and Szegedy 2015): in a step of a training each column of the batch with mean 0 and variance 1, else
// by the moments that training has seen; then a learnt factor and a learnt number to add for each column.
//
// The moments are those of a tile, 256 rows at most: a larger batch is normalized tile by tile ("ghost batches", Hoffer et al. 2017),
// so that its bits do not depend on how it was cut.

import { layers } from '../backend/layers.js';
import { checkFlag, checkNumber, checkPositive } from '../checks/values.js';
import type { TypedArray } from '../kernels/contract.js';
import { type MatrixInput, readOperand, type VectorInput } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { Layer, LayerDefaults, Parameter, Tile } from './layer.js';
import { addRowSquares, checkLeast, factors, refuseBiases, shifts, statistics } from './parameters.js';

type Given = VectorInput | MatrixInput;

/** A layer that gives each column of a batch mean 0 and variance 1 (Ioffe and Szegedy 2015). */
export interface BatchNormOptions {
  /** Names the layer. */
  kind: 'batchNorm';
  /** What is added to the variance; default 1e-5. */
  epsilon?: number;
  /** How much of a batch's moments goes into the running ones, above 0 to below 1; default 0.1. */
  momentum?: number;
  /** Default: the network's. */
  bias?: boolean;
  /** The factors that it begins with, one for each input; default 1. */
  weights?: Given;
  /** What it adds in the beginning, one for each input; default 0. */
  biases?: Given;
  /** The running means that it begins with; default 0. */
  means?: Given;
  /** The running variances that it begins with; default 1. */
  variances?: Given;
}

/** Whether rows are normalized by their own moments: one alone has none. */
const byItsOwn = ({ seen, rows }: Tile) => seen >= 0 && rows > 1;

export class BatchNorm implements Layer {
  static readonly options = ['epsilon', 'momentum', 'bias', 'weights', 'biases', 'means', 'variances', 'kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters: readonly Parameter[];
  readonly options: { kind: 'batchNorm'; epsilon: number; momentum: number; bias: boolean };
  readonly products = 0;
  readonly modules = 1;
  /** The normalized rows, and behind them the factor of each column. */
  readonly keeps: number;
  readonly differs = true;
  readonly #at: number;
  /** Where the running means are, and behind them the variances. */
  readonly #moments: number;

  constructor(given: BatchNormOptions, where: string, inputs: number, at: number, defaults: LayerDefaults) {
    const bias = checkFlag(given.bias ?? defaults.bias ?? true, given.bias === undefined ? 'bias' : `${where}.bias`);
    const momentum = checkNumber(given.momentum ?? 0.1, `${where}.momentum`, 0, 1, true);
    const epsilon = checkPositive(given.epsilon ?? 1e-5, `${where}.epsilon`);
    if (!bias) refuseBiases(given, where);
    const moments = at + (bias ? 2 : 1) * inputs;
    this.inputs = inputs;
    this.outputs = inputs;
    this.options = { kind: 'batchNorm', epsilon, momentum, bias };
    const variances = statistics('variances', 'running_var', inputs, moments + inputs, momentum, 0);
    this.parameters = [
      factors(inputs, at),
      ...(bias ? [shifts(inputs, at + inputs)] : []),
      statistics('means', 'running_mean', inputs, moments, momentum),
      variances,
    ];
    if (given.variances !== undefined) {
      const name = `${where}.variances`;
      checkLeast(variances, readOperand(given.variances, name).flat, name);
    }
    this.keeps = 2 * inputs;
    this.#at = at;
    this.#moments = moments;
  }

  initialize(_rng: RandomState, views: readonly TypedArray[]): void {
    for (const [i, { name }] of this.parameters.entries()) {
      views[i].fill(name === 'weights' || name === 'variances' ? 1 : 0);
    }
  }

  #scales({ k, rows }: Tile, kept: number): number {
    return kept + rows * this.inputs * k.bytes;
  }

  forward(tile: Tile, x: number, h: number, kept: number): void {
    const { k, rows, parameters, scratch } = tile;
    const { inputs, options } = this;
    const own = byItsOwn(tile);
    const means = own ? scratch : parameters + this.#moments * k.bytes;
    const variances = means + inputs * k.bytes;
    const weights = parameters + this.#at * k.bytes;
    const biases = options.bias ? weights + inputs * k.bytes : 0;
    const scales = this.#scales(tile, kept);
    if (own) k.column_moments(rows, inputs, x, means, variances, 0);
    k.batch_norm(rows, inputs, options.epsilon, x, means, variances, weights, biases, h, kept, scales);
  }

  delta(): void {}

  gradients(tile: Tile, from: number, rows: number, x: number, kept: number, d: number, to: number): void {
    const { k, work, parameters, scratch } = tile;
    const { inputs } = this;
    const first = from * inputs * k.bytes;
    const weights = to + this.#at * k.bytes;
    const moments = to + this.#moments * k.bytes;
    k.column_products(rows, inputs, kept + first, d + first, weights);
    if (this.options.bias) k.dense_backward(rows, 0, inputs, d, d + first, weights, weights + inputs * k.bytes, work);
    if (!byItsOwn(tile)) {
      k.copy_block(1, 2 * inputs, 0, 2 * inputs, moments, 2 * inputs);
      return;
    }
    // Times the number of rows, as what is to be divided by that of the batch.
    k.column_moments(rows, inputs, x, moments, scratch, moments + inputs * k.bytes);
    k.squared_loss(2 * inputs, rows, moments, parameters + this.#moments * k.bytes, moments, scratch);
  }

  back(tile: Tile, kept: number, d: number, to: number): void {
    const { k, rows, parameters, scratch, work } = tile;
    const { inputs } = this;
    const weights = parameters + this.#at * k.bytes;
    const scales = this.#scales(tile, kept);
    if (!byItsOwn(tile)) {
      k.scale_cols(rows, inputs, scales, d, to);
      k.scale_cols(rows, inputs, weights, to, to);
      return;
    }
    const along = scratch + inputs * k.bytes;
    k.dense_backward(rows, 0, inputs, d, d, scratch, scratch, work);
    k.column_products(rows, inputs, kept, d, along);
    k.batch_norm_delta(rows, inputs, 1 / rows, d, weights, kept, scales, scratch, along, to);
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
    tile.k.multiply(tile.rows * this.inputs, kept, d, tile.scratch);
    addRowSquares(tile, this.inputs, tile.scratch, room, view, squares);
    if (this.options.bias) addRowSquares(tile, this.inputs, d, room, view, squares);
  }
}
