// Sums along rows and down a column (contract rule 3): one accumulator each, in order. Matrices without gaps.
// A row is short against the products that made it, so plain loops do.

import { add, mul, number, sub } from './vector';

// @ts-ignore: decorator
@inline
function at<T extends number>(from: usize, index: usize): T {
  return load<T>(from + index * sizeof<T>());
}

// @ts-ignore: decorator
@inline
function sums<T extends number>(rows: usize, cols: usize, factor: T, squares: bool, x: usize, s: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const value = at<T>(x, j);
      sum += squares ? value * value : value;
    }
    store<T>(s + i * sizeof<T>(), squares ? sum : factor * sum);
    x += cols * sizeof<T>();
  }
}

export function row_sums<T extends number>(rows: usize, cols: usize, factor: T, x: usize, s: usize): void {
  sums<T>(rows, cols, factor, false, x, s);
}
export function row_squares<T extends number>(rows: usize, cols: usize, x: usize, s: usize): void {
  sums<T>(rows, cols, <T>0, true, x, s);
}

export function row_shift<T extends number>(rows: usize, cols: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let greatest: T = -<T>Infinity;
    for (let j: usize = 0; j < cols; j++) {
      const value = at<T>(x, j);
      if (value > greatest) greatest = value;
    }
    for (let j: usize = 0; j < cols; j++) store<T>(y + j * sizeof<T>(), at<T>(x, j) - greatest);
    x += cols * sizeof<T>();
    y += cols * sizeof<T>();
  }
}

export function row_normalize<T extends number>(rows: usize, cols: usize, x: usize, y: usize, s: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) sum += at<T>(x, j);
    store<T>(s + i * sizeof<T>(), sum);
    for (let j: usize = 0; j < cols; j++) store<T>(y + j * sizeof<T>(), at<T>(x, j) / sum);
    x += cols * sizeof<T>();
    y += cols * sizeof<T>();
  }
}

export function scale_rows<T extends number>(rows: usize, cols: usize, w: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    const factor = at<T>(w, i);
    for (let j: usize = 0; j < cols; j++) store<T>(y + j * sizeof<T>(), factor * at<T>(x, j));
    x += cols * sizeof<T>();
    y += cols * sizeof<T>();
  }
}

/**
 * A masked class (logit -Infinity, target 0) adds 0, not 0 * Infinity. Where all is finite no bit depends on that: the term
 * left out is +-0, and an accumulator that starts at +0 is never -0, so that adding +-0 does not change it.
 *
 * The sums are vectors whose lanes are all the same: V8 makes a branch of a scalar select, which took 1.25 times as long at
 * 100 classes; this takes 1.1 times as long as no selection there, and as long at 10.
 */
export function cross_entropy<T extends number>(
  rows: usize, cols: usize, y: usize, s: usize, o: usize, q: usize, d: usize, l: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    const log = v128.load_splat<T>(q + i * sizeof<T>());
    let loss = number<T>(0);
    let sum = number<T>(0);
    for (let j: usize = 0; j < cols; j++) {
      const target = v128.load_splat<T>(y + j * sizeof<T>());
      const term = mul<T>(target, sub<T>(log, v128.load_splat<T>(s + j * sizeof<T>())));
      loss = add<T>(loss, v128.andnot(term, v128.eq<T>(target, number<T>(0))));
      sum = add<T>(sum, target);
    }
    const total = v128.extract_lane<T>(sum, 0);
    store<T>(l + i * sizeof<T>(), v128.extract_lane<T>(loss, 0));
    for (let j: usize = 0; j < cols; j++) store<T>(d + j * sizeof<T>(), at<T>(o, j) * total - at<T>(y, j));
    const step = cols * sizeof<T>();
    y += step;
    s += step;
    o += step;
    d += step;
  }
}

export function softmax_delta<T extends number>(rows: usize, cols: usize, o: usize, e: usize, d: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) sum += at<T>(e, j) * at<T>(o, j);
    for (let j: usize = 0; j < cols; j++) store<T>(d + j * sizeof<T>(), at<T>(o, j) * (at<T>(e, j) - sum));
    const step = cols * sizeof<T>();
    o += step;
    e += step;
    d += step;
  }
}

export function row_total<T extends number>(rows: usize, w: usize, l: usize, to: usize): void {
  let sum: T = <T>0;
  for (let i: usize = 0; i < rows; i++) sum += w ? at<T>(w, i) * at<T>(l, i) : at<T>(l, i);
  store<T>(to, sum);
}
