// The contract of a layer in an exported model: a forward pass over some rows, in one memory that the network lends.

import type { LayerKernels } from '../layers/activation.js';

/** What a pass over some rows lends to layers; addresses. */
export interface Room {
  readonly k: LayerKernels;
  /** Of one number. */
  readonly bytes: number;
  readonly rows: number;
  readonly parameters: number;
  /** Room for `rows` rows of the widest layer, and a number more for each row and each column. */
  readonly kept: number;
  readonly scratch: number;
  /** Of each layer the outputs. */
  readonly h: readonly number[];
}

/** Places of parameters are counted in numbers, from the first of all; -1: there are none. */
export interface PortableLayer {
  readonly outputs: number;
  /** h from x. @param i its place */
  forward(room: Room, x: number, h: number, i: number): void;
}
