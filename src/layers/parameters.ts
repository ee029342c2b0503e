// What layers that treat each column by itself have in common.

import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import type { TypedArray } from '../kernels/contract.js';
import type { Parameter, Tile } from './layer.js';

const columns = (name: string, tensor: string, size: number, offset: number) => ({
  name,
  tensor,
  rows: 1,
  cols: size,
  size,
  offset,
  vector: true,
  decays: false,
});

/** A factor for each column. They do not decay: towards 0 they would switch columns off. */
export const factors = (size: number, offset: number): Parameter => columns('weights', 'weight', size, offset);

/** A number to add for each column. */
export const shifts = (size: number, offset: number): Parameter => columns('biases', 'bias', size, offset);

/** A statistic of each column. */
export const statistics = (
  name: string,
  tensor: string,
  size: number,
  offset: number,
  momentum: number,
  least = -Infinity,
): Parameter => ({
  ...columns(name, tensor, size, offset),
  momentum,
  least,
});

/** @throws {ValueError} naming the first number that is less than it may be; NaN stays, as everywhere */
export function checkLeast(parameter: Parameter, values: ArrayLike<number>, where: string): void {
  const least = own(parameter, 'least') ?? -Infinity;
  const at = Array.prototype.findIndex.call(values, (x) => x < least);
  if (at >= 0) throw new ValueError(`"${where}"[${at}] is ${values[at]}: ${parameter.name} must be ${least} or more`);
}

/** @throws {ValueError} if there are biases where none are wanted */
export function refuseBiases({ biases }: { biases?: unknown }, where: string): void {
  if (biases !== undefined) throw new ValueError(`"${where}" has biases, but "bias" is false`);
}

/** Adds to `squares` the square of the norm of each row of x. */
export function addRowSquares(
  { k, rows }: Tile,
  cols: number,
  x: number,
  room: number,
  view: TypedArray,
  squares: Float64Array,
): void {
  k.row_squares(rows, cols, x, room);
  for (let i = 0; i < rows; i++) squares[i] += view[room / k.bytes + i];
}
