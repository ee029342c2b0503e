// Normalization along rows, and factors of columns; src/kernels/layers.ts has the formulas. Sums are one accumulator each, in order.

import { add, lanes, mul, storePart } from './vector';

// @ts-ignore: decorator
@inline
function at<T extends number>(from: usize, index: usize): T {
  return load<T>(from + index * sizeof<T>());
}

// @ts-ignore: decorator
@inline
function set<T extends number>(to: usize, index: usize, x: T): void {
  store<T>(to + index * sizeof<T>(), x);
}

export function layer_norm<T extends number>(
  rows: usize, cols: usize, epsilon: T, x: usize, w: usize, b: usize, h: usize, n: usize, s: usize,
): void {
  const step = cols * sizeof<T>();
  const count = <T>cols;
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) sum += at<T>(x, j);
    const mean: T = sum / count;
    let squares: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const c: T = at<T>(x, j) - mean;
      squares += c * c;
    }
    const scale: T = <T>1 / sqrt<T>(squares / count + epsilon);
    set<T>(s, i, scale);
    for (let j: usize = 0; j < cols; j++) {
      const normal: T = (at<T>(x, j) - mean) * scale;
      set<T>(n, j, normal);
      const weighed: T = normal * at<T>(w, j);
      set<T>(h, j, b ? weighed + at<T>(b, j) : weighed);
    }
    x += step;
    h += step;
    n += step;
  }
}

export function layer_norm_delta<T extends number>(
  rows: usize, cols: usize, d: usize, w: usize, n: usize, s: usize, e: usize,
): void {
  const step = cols * sizeof<T>();
  const count = <T>cols;
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    let along: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const g: T = at<T>(d, j) * at<T>(w, j);
      sum += g;
      along += g * at<T>(n, j);
    }
    sum = sum / count;
    along = along / count;
    const scale = at<T>(s, i);
    for (let j: usize = 0; j < cols; j++) {
      const g: T = at<T>(d, j) * at<T>(w, j);
      set<T>(e, j, scale * (g - sum - at<T>(n, j) * along));
    }
    d += step;
    n += step;
    e += step;
  }
}

/** The first lanes of a result, all of them if count is that or more. */
// @ts-ignore: decorator
@inline
function put<T extends number>(to: usize, x: v128, count: usize): void {
  if (count >= lanes<T>()) v128.store(to, x);
  else storePart<T>(to, x, count);
}

export function column_products<T extends number>(rows: usize, cols: usize, x: usize, d: usize, s: usize): void {
  const step = cols * sizeof<T>();
  const all = rows * step;
  for (let j: usize = 0; j < cols; j += lanes<T>()) {
    let sum = v128.splat<T>(<T>0);
    for (let row = j * sizeof<T>(); row < all; row += step) sum = add<T>(sum, mul<T>(v128.load(x + row), v128.load(d + row)));
    put<T>(s + j * sizeof<T>(), sum, cols - j);
  }
}

export function scale_cols<T extends number>(rows: usize, cols: usize, w: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < cols; j += lanes<T>()) {
      const place = j * sizeof<T>();
      put<T>(y + place, mul<T>(v128.load(w + place), v128.load(x + place)), cols - j);
    }
    x += cols * sizeof<T>();
    y += cols * sizeof<T>();
  }
}
