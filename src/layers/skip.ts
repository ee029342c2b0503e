// A skip connection (He et al. 2016) in a chain of layers: `skip` remembers what it is given, and the `add` that belongs to it adds
// that to what comes to it, as brackets do.

import { layers } from '../backend/layers.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { Layer, Tile } from './layer.js';

/** A layer that remembers what it hands on, for the `add` that belongs to it, as brackets do. */
export interface SkipOptions {
  /** Names the layer. */
  kind: 'skip';
}

/** A layer that adds what its `skip` remembered. */
export interface AddOptions {
  /** Names the layer. */
  kind: 'add';
}

/** What both do: they hand on what they are given. */
abstract class Passing {
  static readonly options = ['kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters = [];
  readonly products = 0;
  readonly modules = 0;

  constructor(inputs: number) {
    this.inputs = inputs;
    this.outputs = inputs;
  }

  initialize(): void {}

  protected copy({ k, rows }: Tile, x: number, to: number): void {
    k.copy_block(rows, this.inputs, x, this.inputs, to, this.inputs);
  }

  protected add({ k, rows }: Tile, x: number, to: number): void {
    k.axpy(rows * this.inputs, 1, x, to);
  }

  gradients(): void {}

  addSquares(): void {}
}

export class Skip extends Passing implements Layer {
  readonly options = { kind: 'skip' as const };
  readonly nests = 1;
  /** The error that comes from its `add`. */
  readonly keeps: number;
  /** Whether there is one. */
  joined = false;

  constructor(_given: SkipOptions, _where: string, inputs: number) {
    super(inputs);
    this.keeps = inputs;
  }

  forward(tile: Tile, x: number, h: number): void {
    this.copy(tile, x, h);
  }

  delta(tile: Tile, _h: number, kept: number, d: number): void {
    if (this.joined) this.add(tile, kept, d);
  }

  back(tile: Tile, _kept: number, d: number, to: number): void {
    this.copy(tile, d, to);
  }
}

export class Add extends Passing implements Layer {
  readonly options = { kind: 'add' as const };
  readonly nests = -1;
  readonly keeps = 0;
  /** The place of its `skip`. */
  readonly #skip: number;

  constructor(
    _given: AddOptions,
    where: string,
    inputs: number,
    _at: number,
    _defaults: unknown,
    _loss: unknown,
    before: readonly Layer[],
  ) {
    super(inputs);
    const skip = before.findLastIndex((each) => each instanceof Skip && !each.joined);
    if (skip < 0) throw new ValueError(`"${where}" adds what a skip before it was given: there is none that is open`);
    const { outputs } = before[skip];
    if (outputs !== inputs) {
      throw new ShapeError(
        `"${where}" has ${inputs} inputs, but layers[${skip}], which it adds, has ${outputs} outputs`,
      );
    }
    (before[skip] as Skip).joined = true;
    this.#skip = skip;
  }

  forward(tile: Tile, x: number, h: number): void {
    this.copy(tile, x, h);
    this.add(tile, tile.h[this.#skip], h);
  }

  delta(): void {}

  back(tile: Tile, _kept: number, d: number, to: number): void {
    this.copy(tile, d, to);
    this.copy(tile, d, tile.kept[this.#skip]);
  }
}
