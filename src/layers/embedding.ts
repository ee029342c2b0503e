// An embedding of a column of integers: each of its categories has learnt numbers of its own, which take the column's place beside
// the others (entity embeddings, Guo and Berkhahn 2016).

import { layers } from '../backend/layers.js';
import { ValueError } from '../checks/errors.js';
import { checkInteger, checkName } from '../checks/values.js';
import type { TypedArray } from '../kernels/contract.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import { INITIALIZER_NAMES, INITIALIZERS, type Initializer } from './initializers.js';
import type { Layer, Parameter, Tile } from './layer.js';
import { addRowSquares } from './parameters.js';

/** A layer that puts learnt numbers in the place of a column of integers. */
export interface EmbeddingOptions {
  /** Names the layer. */
  kind: 'embedding';
  /** Which of its inputs holds the integers, from 0. */
  column: number;
  /** They are from 0 to below this. */
  categories: number;
  /** How many numbers stand for each. */
  units: number;
  /** Default uniform, within 0.05. */
  initializer?: Initializer;
  /** What the numbers begin with, categories x units, instead of an initializer. */
  weights?: MatrixInput;
}

/** Integers are exact in f32 up to here. */
const MOST_CATEGORIES = 2 ** 24;

export class Embedding implements Layer {
  static readonly options = ['column', 'categories', 'units', 'initializer', 'weights', 'kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters: readonly Parameter[];
  readonly options: Required<Omit<EmbeddingOptions, 'weights'>>;
  readonly products = 0;
  readonly modules = 1;
  readonly keeps = 0;
  readonly #at: number;
  readonly #where: string;

  constructor(given: EmbeddingOptions, where: string, inputs: number, at: number) {
    const categories = checkInteger(given.categories, `${where}.categories`, 1, MOST_CATEGORIES);
    const units = checkInteger(given.units, `${where}.units`, 1);
    this.inputs = inputs;
    this.outputs = inputs - 1 + units;
    this.options = {
      kind: 'embedding',
      column: checkInteger(given.column, `${where}.column`, 0, inputs - 1),
      categories,
      units,
      initializer: checkName(given.initializer ?? 'uniform', INITIALIZER_NAMES, `${where}.initializer`),
    };
    const size = categories * units;
    this.parameters = [
      {
        name: 'weights',
        tensor: 'weight',
        rows: categories,
        cols: units,
        size,
        offset: at,
        vector: false,
        straight: true,
        decays: true,
      },
    ];
    this.#at = at;
    this.#where = where;
  }

  initialize(rng: RandomState, [weights]: readonly TypedArray[]): void {
    const { categories, units, initializer } = this.options;
    INITIALIZERS[initializer](rng, [categories, units, 6], weights, undefined);
  }

  /** Copies what stands beside the column, which is `from` columns wide in x and `to` in y. */
  #beside({ k, rows }: Tile, x: number, ldx: number, from: number, y: number, ldy: number, to: number): void {
    const { column } = this.options;
    const behind = this.inputs - column - 1;
    if (column > 0) k.copy_block(rows, column, x, ldx, y, ldy);
    if (behind > 0) k.copy_block(rows, behind, x + (column + from) * k.bytes, ldx, y + (column + to) * k.bytes, ldy);
  }

  forward(tile: Tile, x: number, h: number): void {
    const { k, rows, parameters } = tile;
    const { inputs, outputs } = this;
    const { column, categories, units } = this.options;
    this.#beside(tile, x, inputs, 1, h, outputs, units);
    const at = column * k.bytes;
    const weights = parameters + this.#at * k.bytes;
    const wrong: number | undefined = k.embed(rows, inputs, categories, units, x + at, weights, h + at, outputs);
    // Of a call that waits nothing is known yet: its outputs are NaN then, and who looks where that began comes here.
    if (wrong === 0 || wrong === undefined) return;
    throw new ValueError(
      `"${this.#where}" embeds integers from 0 to ${categories - 1}: column ${column} of its inputs holds ${wrong}`,
    );
  }

  delta(): void {}

  gradients({ k }: Tile, from: number, rows: number, x: number, _kept: number, d: number, to: number): void {
    const { inputs, outputs } = this;
    const { column, categories, units } = this.options;
    const first = x + (from * inputs + column) * k.bytes;
    const error = d + (from * outputs + column) * k.bytes;
    k.embed_backward(rows, inputs, categories, units, first, error, outputs, to + this.#at * k.bytes);
  }

  /** The column has no slope. */
  back(tile: Tile, _kept: number, d: number, to: number): void {
    const { k, rows } = tile;
    const { inputs, outputs } = this;
    this.#beside(tile, d, outputs, this.options.units, to, inputs, 1);
    k.copy_block(rows, 1, 0, 1, to + this.options.column * k.bytes, inputs);
  }

  addSquares(
    tile: Tile,
    _x: number,
    _kept: number,
    d: number,
    room: number,
    view: TypedArray,
    squares: Float64Array,
  ): void {
    const { k, rows, scratch } = tile;
    const { column, units } = this.options;
    k.copy_block(rows, units, d + column * k.bytes, this.outputs, scratch, units);
    addRowSquares(tile, units, scratch, room, view, squares);
  }
}
