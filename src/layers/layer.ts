// The contract of a layer: all that any other file knows of one.

import type { TypedArray } from '../kernels/contract.js';
import type { Pack } from '../kernels/pack.js';
import type { Table } from '../kernels/table.js';
import type { SparseTiles } from '../matrix/operand.js';
import type { RandomState } from '../random/random.js';
import type { LayerKernels } from './activation.js';
import type { ActivationName } from './activations.js';
import type { Initializer } from './initializers.js';
import type { Loss } from './loss.js';

/** A matrix of parameters, row by row. Counts and offsets are of elements. */
export interface Parameter {
  /** Of the option that gives it, of its place in JSON, and in errors. */
  readonly name: string;
  /** In a state dict, where PyTorch has a matrix transposed. */
  readonly tensor: string;
  readonly rows: number;
  readonly cols: number;
  /** rows * cols. */
  readonly size: number;
  /** Where it begins in the vector of all parameters. */
  readonly offset: number;
  /** Whether it is one row that stands for a vector, in JSON and in state dicts. */
  readonly vector: boolean;
  /** Whether a state dict has it as it is, not transposed. */
  readonly straight?: boolean;
  /**
   * Of a statistic, which no optimizer may step: how much of its gradient training takes off it at each step. That is its distance
   * from the batch's.
   */
  readonly momentum?: number;
  /** Below it they mean nothing: where they are given, or read from a file, less is refused. */
  readonly least?: number;
  /** Whether penalties and weight decay shrink it. */
  readonly decays: boolean;
}

/** What the passes over one row tile lend to layers. */
export interface Tile {
  readonly k: LayerKernels;
  /** Address of what gemm works with. */
  readonly work: number;
  /** Address of the network's parameters. */
  readonly parameters: number;
  /** Address of room for a tile of the widest layer's outputs. After the last layer it is the loss's. */
  readonly scratch: number;
  readonly rows: number;
  /** Whether a loss or a backward pass will follow. */
  readonly training: boolean;
  /** Of a step of a training, how many rows it has had before this batch; else -1. */
  readonly seen: number;
  /** The first row's place in the batch. */
  readonly from: number;
  /** Of each layer the outputs, and what it keeps. */
  readonly h: readonly number[];
  readonly kept: readonly number[];
  /** The tile's inputs, if they are sparse. */
  readonly sparse: SparseTiles | undefined;
}

/**
 * A layer at its place in a network. It belongs to the plan, so it holds no state of a pass: what it keeps is handed to it.
 * Arguments are addresses: x its inputs (rows x inputs), h its outputs (rows x outputs), `kept` what it keeps beside them,
 * d the errors. The calls over a tile allocate nothing, and compute by kernels alone, which may be called later, in parts.
 */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** What comes last in it; a loss goes by that of the last layer. */
  readonly activation: ActivationName;
  /** The pack of kernels that it needs beside the core's. */
  readonly pack?: Pack<Table> | undefined;
  readonly parameters: readonly Parameter[];
  /** Options that make it anew, all defaults filled in, without parameters. */
  readonly options: { readonly kind?: string };
  /** Multiply-adds for each row. */
  readonly products: number;
  /** In a state dict: how many modules of an nn.Sequential it is. */
  readonly modules: number;
  /** In a state dict: whether those behind it are in an nn.Sequential within that one (1), or those up to here were (-1). */
  readonly nests?: 1 | -1;
  /** Elements for each row that it keeps from forward to backward beside its outputs, laid out as it likes; 0: none, and `kept` is h. */
  readonly keeps: number;
  /** Whether a step of a training makes something else of the same row than a prediction does. */
  readonly differs?: boolean;
  /** Whether it takes sparse inputs as they are: then the address of its inputs is 0, and the tile has them. */
  readonly takesSparse?: boolean;
  /**
   * Fills its parameters, which are views in their order.
   *
   * @param hidden the activation that scikit-learn goes by: its own, of the last layer that of the one before
   */
  initialize(rng: RandomState, parameters: readonly TypedArray[], hidden: ActivationName | undefined): void;
  /** h from x. The last layer before a loss that is fused with its activation leaves its logits in `kept`. */
  forward(tile: Tile, x: number, h: number, kept: number): void;
  /**
   * Turns the error at its outputs into the one that what follows begins with, in place: dLoss/dz of logits z. Not called
   * where a fused loss has given that.
   */
  delta(tile: Tile, h: number, kept: number, d: number): void;
  /** The gradients of its parameters, sums over some rows of a tile, from row `from` on. @param to where the vector of all gradients begins */
  gradients(tile: Tile, from: number, rows: number, x: number, kept: number, d: number, to: number): void;
  /** dLoss/dx to `to`. */
  back(tile: Tile, kept: number, d: number, to: number): void;
  /**
   * Adds to `squares` the square of the norm of each row's own gradient.
   *
   * @param room of two numbers for each row
   * @param view of memory
   */
  addSquares(
    tile: Tile,
    x: number,
    kept: number,
    d: number,
    room: number,
    view: TypedArray,
    squares: Float64Array,
  ): void;
}

/** What the table of layers has of a kind. */
export interface LayerClass {
  /** Names of the options that it takes, `kind` among them. */
  readonly options: readonly string[];
  /**
   * @param given as they were handed in, of those names: it checks them
   * @param where what the layer is called in errors
   * @param at where its parameters begin
   * @param loss what follows it, if it is the last
   * @param before the layers before it
   * @throws {ValueError} naming the option
   */
  new (
    given: never,
    where: string,
    inputs: number,
    at: number,
    defaults: LayerDefaults,
    loss: Loss | undefined,
    before: readonly Layer[],
  ): Layer;
}

/** What the network says for layers that state nothing. */
export interface LayerDefaults {
  readonly activation?: ActivationName;
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  readonly seed?: number;
}
