// A dense layer over a row tile: the products of gemm.ts with the bias, and shapes narrower than their tiles.
//
// Narrow is what has no more units than a vector has lanes: there the 4 rows of a group share each vector of the weights. What is
// loaded behind a row of them is ignored, or stored where the next row's results come afterwards.

import { direct } from './direct';
import { gemm_nn, gemm_nt, gemm_tn, isSmall, WORK_BYTES } from './gemm';
import { packRows } from './packing';
import { add, lanes, mul, storePart } from './vector';

/** Rows in a group. */
const GROUP: usize = 4;
/** Bytes from one depth to the next of weights that were transposed. */
// @ts-ignore: decorator
@inline
function packed<T extends number>(): usize {
  return 4 * sizeof<T>();
}

/** Whether a product with depth x cols is better done here. */
// @ts-ignore: decorator
@inline
function isNarrow<T extends number>(depth: usize, cols: usize): bool {
  return cols > 0 && cols <= lanes<T>() && depth * packed<T>() <= WORK_BYTES;
}

/** The first `count` lanes of a result, all of them if count is that or more. */
// @ts-ignore: decorator
@inline
function put<T extends number>(to: usize, x: v128, count: usize): void {
  if (count >= lanes<T>()) v128.store(to, x);
  else storePart<T>(to, x, count);
}

/** z (rows x cols) = x (rows x depth) w + b, cols no more than lanes; from one depth to the next of w so many bytes. */
function multiply<T extends number>(rows: usize, depth: usize, cols: usize, x: usize, w: usize, step: usize, b: usize, z: usize): void {
  const ldx = depth * sizeof<T>();
  const ldz = cols * sizeof<T>();
  const end = w + depth * step;
  const grouped = rows - rows % GROUP;
  // Whole vectors may be stored over what comes next only where all of that is stored afterwards.
  const free = rows > 2 * GROUP ? rows - 2 * GROUP : <usize>0;
  const added = b ? v128.load(b) : v128.splat<T>(<T>-0.0);
  for (let i: usize = 0; i < grouped; i += GROUP) {
    const x1 = x + ldx;
    const x2 = x1 + ldx;
    const x3 = x2 + ldx;
    let s0 = v128.splat<T>(<T>0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let k: usize = 0;
    for (let from = w; from < end; from += step) {
      const weights = v128.load(from);
      s0 = add<T>(s0, mul<T>(v128.load_splat<T>(x + k), weights));
      s1 = add<T>(s1, mul<T>(v128.load_splat<T>(x1 + k), weights));
      s2 = add<T>(s2, mul<T>(v128.load_splat<T>(x2 + k), weights));
      s3 = add<T>(s3, mul<T>(v128.load_splat<T>(x3 + k), weights));
      k += sizeof<T>();
    }
    const count = i < free ? lanes<T>() : cols;
    put<T>(z, add<T>(s0, added), count);
    put<T>(z + ldz, add<T>(s1, added), count);
    put<T>(z + 2 * ldz, add<T>(s2, added), count);
    put<T>(z + 3 * ldz, add<T>(s3, added), count);
    x += GROUP * ldx;
    z += GROUP * ldz;
  }
  for (let i = grouped; i < rows; i++) {
    let sum = v128.splat<T>(<T>0);
    let k = x;
    for (let from = w; from < end; from += step) {
      sum = add<T>(sum, mul<T>(v128.load_splat<T>(k), v128.load(from)));
      k += sizeof<T>();
    }
    put<T>(z, add<T>(sum, added), cols);
    x += ldx;
    z += ldz;
  }
}

/** z += b, row by row. */
function addBias<T extends number>(rows: usize, units: usize, b: usize, z: usize): void {
  const whole = units - units % lanes<T>();
  for (let i: usize = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j < whole * sizeof<T>(); j += 16) v128.store(z + j, add<T>(v128.load(z + j), v128.load(b + j)));
    for (; j < units * sizeof<T>(); j += sizeof<T>()) store<T>(z + j, load<T>(z + j) + load<T>(b + j));
    z += units * sizeof<T>();
  }
}

/** One vector of the gradients of `count` inputs' weights, over the rows; with them the bias's if `last`. */
// @ts-ignore: decorator
@inline
function gradients<T extends number>(
  count: i32, last: bool, rows: usize, inputs: usize, units: usize, x: usize, d: usize, dw: usize, db: usize, part: usize,
): void {
  const ldx = inputs * sizeof<T>();
  const ldd = units * sizeof<T>();
  const end = d + rows * ldd;
  let s0 = v128.splat<T>(<T>0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let bias = s0;
  for (; d < end; d += ldd) {
    const delta = v128.load(d);
    s0 = add<T>(s0, mul<T>(v128.load_splat<T>(x), delta));
    if (count > 1) s1 = add<T>(s1, mul<T>(v128.load_splat<T>(x, sizeof<T>()), delta));
    if (count > 2) s2 = add<T>(s2, mul<T>(v128.load_splat<T>(x, 2 * sizeof<T>()), delta));
    if (count > 3) s3 = add<T>(s3, mul<T>(v128.load_splat<T>(x, 3 * sizeof<T>()), delta));
    if (last) bias = add<T>(bias, delta);
    x += ldx;
  }
  put<T>(dw, s0, part);
  if (count > 1) put<T>(dw + ldd, s1, part);
  if (count > 2) put<T>(dw + 2 * ldd, s2, part);
  if (count > 3) put<T>(dw + 3 * ldd, s3, part);
  if (last && db) put<T>(db, bias, part);
}

/** dw = x^T d and db, 4 inputs and one vector of units at a time; reads up to 15 bytes behind d. */
function narrowGradients<T extends number>(rows: usize, inputs: usize, units: usize, x: usize, d: usize, dw: usize, db: usize): void {
  for (let j: usize = 0; j < units; j += lanes<T>()) {
    const part = units - j;
    const shift = j * sizeof<T>();
    const bias = db ? db + shift : <usize>0;
    let i: usize = 0;
    let from = x;
    let to = dw + shift;
    for (; i + 4 < inputs; i += 4) {
      gradients<T>(4, false, rows, inputs, units, from, d + shift, to, 0, part);
      from += 4 * sizeof<T>();
      to += 4 * units * sizeof<T>();
    }
    const rest = inputs - i;
    if (rest == 1) gradients<T>(1, true, rows, inputs, units, from, d + shift, to, bias, part);
    else if (rest == 2) gradients<T>(2, true, rows, inputs, units, from, d + shift, to, bias, part);
    else if (rest == 3) gradients<T>(3, true, rows, inputs, units, from, d + shift, to, bias, part);
    else if (rest == 4) gradients<T>(4, true, rows, inputs, units, from, d + shift, to, bias, part);
  }
}

/** s = the column sums of d, 4 vectors of columns at a time; reads up to 15 bytes behind d. */
function columnSums<T extends number>(rows: usize, cols: usize, d: usize, s: usize): void {
  const ld = cols * sizeof<T>();
  const end = d + rows * ld;
  let j: usize = 0;
  for (; j + 4 * lanes<T>() <= cols; j += 4 * lanes<T>()) {
    let s0 = v128.splat<T>(<T>0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let from = d + j * sizeof<T>(); from < end; from += ld) {
      s0 = add<T>(s0, v128.load(from));
      s1 = add<T>(s1, v128.load(from, 16));
      s2 = add<T>(s2, v128.load(from, 32));
      s3 = add<T>(s3, v128.load(from, 48));
    }
    const to = s + j * sizeof<T>();
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
  for (; j < cols; j += lanes<T>()) {
    let sum = v128.splat<T>(<T>0);
    for (let from = d + j * sizeof<T>(); from < end; from += ld) sum = add<T>(sum, v128.load(from));
    put<T>(s + j * sizeof<T>(), sum, cols - j);
  }
}

export function dense_forward<T extends number>(rows: usize, inputs: usize, units: usize, x: usize, w: usize, b: usize, z: usize, work: usize): void {
  const size = sizeof<T>();
  if (isNarrow<T>(inputs, units)) {
    multiply<T>(rows, inputs, units, x, w, units * size, b, z);
    return;
  }
  if (isSmall<T>(false, false, rows, units, inputs)) {
    direct<T>(rows, units, inputs, x, inputs * size, size, w, units * size, b, z, units * size);
    return;
  }
  gemm_nn<T>(rows, units, inputs, x, inputs, w, units, z, units, work);
  if (b) addBias<T>(rows, units, b, z);
}

export function dense_backward<T extends number>(
  rows: usize, inputs: usize, units: usize, x: usize, d: usize, dw: usize, db: usize, work: usize,
): void {
  if (inputs && (units <= lanes<T>() || inputs < 4)) {
    narrowGradients<T>(rows, inputs, units, x, d, dw, db);
    return;
  }
  gemm_tn<T>(inputs, units, rows, x, inputs, d, units, dw, units, work);
  if (db) columnSums<T>(rows, units, d, db);
}

export function dense_input<T extends number>(rows: usize, inputs: usize, units: usize, d: usize, w: usize, e: usize, work: usize): void {
  if (isNarrow<T>(units, inputs)) {
    packRows<T>(inputs, units, w, units * sizeof<T>(), work, 4);
    multiply<T>(rows, units, inputs, d, work, packed<T>(), 0, e);
    return;
  }
  gemm_nt<T>(rows, inputs, units, d, units, w, units, e, inputs, work);
}
