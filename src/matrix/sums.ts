// Sums in the contract's orders over numbers that need no engine. A typed array rounds what is stored in it.

import { BLOCK, TILE, type TypedArray } from '../kernels/contract.js';

const LANES = 16;

/** An array of the same kind, of zeros. */
const zerosLike = (data: TypedArray, length: number): TypedArray =>
  data.BYTES_PER_ELEMENT === 8 ? new Float64Array(length) : new Float32Array(length);

/** Adds vectors by the canonical tree, which splits n leaves at the largest power of two below n. */
function tree(first: number, leaves: number, leaf: (index: number) => TypedArray): TypedArray {
  if (leaves === 1) return leaf(first);
  const left = 1 << (31 - Math.clz32(leaves - 1));
  const sum = tree(first, left, leaf);
  const right = tree(first + left, leaves - left, leaf);
  for (let j = 0; j < sum.length; j++) sum[j] += right[j];
  return sum;
}

/** Of all elements: rule 4. */
export function sumOf(data: TypedArray): number {
  if (data.length === 0) return 0;
  const block = (index: number): TypedArray => {
    const lanes = zerosLike(data, LANES);
    const end = Math.min(data.length, (index + 1) * BLOCK);
    // A block begins at a multiple of the lanes.
    for (let i = index * BLOCK; i < end; i++) lanes[i & 15] += data[i];
    for (let width = LANES / 2; width >= 1; width /= 2) {
      for (let l = 0; l < width; l++) lanes[l] += lanes[l + width];
    }
    return lanes.subarray(0, 1);
  };
  return tree(0, Math.ceil(data.length / BLOCK), block)[0];
}

/** Of each column, over the rows: rule 3. */
export function columnSums(data: TypedArray, rows: number, cols: number): TypedArray {
  if (rows === 0) return zerosLike(data, cols);
  return tree(0, Math.ceil(rows / TILE), (index) => {
    const sums = zerosLike(data, cols);
    const end = Math.min(rows, (index + 1) * TILE);
    for (let i = index * TILE; i < end; i++) {
      const from = i * cols;
      for (let j = 0; j < cols; j++) sums[j] += data[from + j];
    }
    return sums;
  });
}

/** Of each row, along it: one accumulator, columns ascending, as rule 3 has it. */
export function rowSums(data: TypedArray, rows: number, cols: number): TypedArray {
  const sums = zerosLike(data, rows);
  for (let i = 0; i < rows; i++) {
    const from = i * cols;
    for (let j = 0; j < cols; j++) sums[i] += data[from + j];
  }
  return sums;
}
