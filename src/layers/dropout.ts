// Dropout (Srivastava et al. 2014), inverted: what stays in a step of a training is divided by the share that does, so that a
// prediction takes all as it is.

import { layers } from '../backend/layers.js';
import { checkNumber, checkSeed } from '../checks/values.js';
import { MIX_STEP } from '../kernels/constants.js';
import type { Layer, LayerDefaults, Tile } from './layer.js';

/** A layer that leaves a part of its inputs out in each step of a training (Srivastava et al. 2014). */
export interface DropoutOptions {
  /** Names the layer. */
  kind: 'dropout';
  /** The share of its inputs that are dropped, from 0 to below 1; default 0.5. */
  rate?: number;
  /** Of what is dropped, 0 to 2^32 - 1; default: the network's. The layer's place goes into it: no two drop alike. */
  seed?: number;
}

export class Dropout implements Layer {
  static readonly options = ['rate', 'seed', 'kind'];

  readonly inputs: number;
  readonly outputs: number;
  readonly activation = 'identity';
  readonly pack: NonNullable<Layer['pack']> = layers;
  readonly parameters = [];
  readonly options: Required<DropoutOptions>;
  readonly products = 0;
  readonly modules = 1;
  readonly keeps = 0;
  readonly differs = true;
  /** Of the kernel. */
  readonly #seed: number;

  constructor(
    given: DropoutOptions,
    where: string,
    inputs: number,
    _at: number,
    defaults: LayerDefaults,
    _loss: unknown,
    before: readonly Layer[],
  ) {
    const name = given.seed === undefined ? 'seed' : `${where}.seed`;
    const seed = checkSeed(given.seed ?? defaults.seed ?? 0, name);
    this.inputs = inputs;
    this.outputs = inputs;
    this.options = {
      kind: 'dropout',
      rate: checkNumber(given.rate ?? 0.5, `${where}.rate`, 0, 1),
      seed,
    };
    this.#seed = (seed + before.length * MIX_STEP) % 2 ** 32;
  }

  initialize(): void {}

  /** The same there and back: an element's error is dropped, or grows, as the element was. */
  #pass({ k, rows, seen, from }: Tile, x: number, to: number): void {
    if (seen < 0) k.dropout(rows, this.inputs, 0, 0, 0, x, to);
    else k.dropout(rows, this.inputs, this.options.rate, this.#seed, seen + from, x, to);
  }

  forward(tile: Tile, x: number, h: number): void {
    this.#pass(tile, x, h);
  }

  delta(): void {}

  gradients(): void {}

  back(tile: Tile, _kept: number, d: number, to: number): void {
    this.#pass(tile, d, to);
  }

  addSquares(): void {}
}
