// A learnt factor for each input.

import { layers } from '../backend/layers.js';
import type { TypedArray } from '../kernels/contract.js';
import type { MatrixInput, VectorInput } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { Layer, Parameter, Tile } from './layer.js';
import { addRowSquares, factors } from './parameters.js';

/** A layer with a learnt factor for each input. */
export interface ScaleOptions {
  /** Names the layer. */
  kind: 'scale';
  /** The factors that it begins with, one for each input; default 1. */
  weights?: VectorInput | MatrixInput;
}

export class Scale implements Layer {
  static readonly options = ['weights', 'kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters: readonly Parameter[];
  readonly options = { kind: 'scale' as const };
  readonly products: number;
  readonly modules = 1;
  readonly keeps = 0;
  readonly #at: number;

  constructor(_given: ScaleOptions, _where: string, inputs: number, at: number) {
    this.inputs = inputs;
    this.outputs = inputs;
    this.parameters = [factors(inputs, at)];
    this.products = inputs;
    this.#at = at;
  }

  initialize(_rng: RandomState, [weights]: readonly TypedArray[]): void {
    weights.fill(1);
  }

  forward({ k, rows, parameters }: Tile, x: number, h: number): void {
    k.scale_cols(rows, this.inputs, parameters + this.#at * k.bytes, x, h);
  }

  delta(): void {}

  gradients({ k }: Tile, from: number, rows: number, x: number, _kept: number, d: number, to: number): void {
    const first = from * this.inputs * k.bytes;
    k.column_products(rows, this.inputs, x + first, d + first, to + this.#at * k.bytes);
  }

  back({ k, rows, parameters }: Tile, _kept: number, d: number, to: number): void {
    k.scale_cols(rows, this.inputs, parameters + this.#at * k.bytes, d, to);
  }

  addSquares(
    tile: Tile,
    x: number,
    _kept: number,
    d: number,
    room: number,
    view: TypedArray,
    squares: Float64Array,
  ): void {
    tile.k.multiply(tile.rows * this.inputs, x, d, tile.scratch);
    addRowSquares(tile, this.inputs, tile.scratch, room, view, squares);
  }
}
