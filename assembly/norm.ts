// Normalization along rows and down columns, and factors of columns; src/kernels/layers.ts has the formulas. Sums are one accumulator each, in order.

import { add, lanes, mul, storePart, sub } from './vector';

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

export function column_moments<T extends number>(rows: usize, cols: usize, x: usize, m: usize, v: usize, u: usize): void {
  const step = cols * sizeof<T>();
  const all = rows * step;
  const count = v128.splat<T>(<T>rows);
  const others = v128.splat<T>(<T>rows - <T>1);
  for (let j: usize = 0; j < cols; j += lanes<T>()) {
    const place = j * sizeof<T>();
    let sum = v128.splat<T>(<T>0);
    for (let row = place; row < all; row += step) sum = add<T>(sum, v128.load(x + row));
    const mean = v128.div<T>(sum, count);
    let squares = v128.splat<T>(<T>0);
    for (let row = place; row < all; row += step) {
      const c = sub<T>(v128.load(x + row), mean);
      squares = add<T>(squares, mul<T>(c, c));
    }
    put<T>(m + place, mean, cols - j);
    put<T>(v + place, v128.div<T>(squares, count), cols - j);
    if (u) put<T>(u + place, v128.div<T>(squares, others), cols - j);
  }
}

export function batch_norm<T extends number>(
  rows: usize, cols: usize, epsilon: T, x: usize, m: usize, v: usize, w: usize, b: usize, h: usize, n: usize, s: usize,
): void {
  const step = cols * sizeof<T>();
  const all = rows * step;
  for (let j: usize = 0; j < cols; j += lanes<T>()) {
    const place = j * sizeof<T>();
    const left = cols - j;
    const mean = v128.load(m + place);
    const root = v128.sqrt<T>(add<T>(v128.load(v + place), v128.splat<T>(epsilon)));
    const scale = v128.div<T>(v128.splat<T>(<T>1), root);
    const weight = v128.load(w + place);
    const bias = b ? v128.load(b + place) : weight;
    put<T>(s + place, scale, left);
    for (let row = place; row < all; row += step) {
      const normal = mul<T>(sub<T>(v128.load(x + row), mean), scale);
      const weighed = mul<T>(normal, weight);
      put<T>(n + row, normal, left);
      put<T>(h + row, b ? add<T>(weighed, bias) : weighed, left);
    }
  }
}

export function batch_norm_delta<T extends number>(
  rows: usize, cols: usize, factor: T, d: usize, w: usize, n: usize, s: usize, a: usize, b: usize, e: usize,
): void {
  const step = cols * sizeof<T>();
  const all = rows * step;
  const share = v128.splat<T>(factor);
  for (let j: usize = 0; j < cols; j += lanes<T>()) {
    const place = j * sizeof<T>();
    const scale = mul<T>(v128.load(w + place), v128.load(s + place));
    const mean = mul<T>(share, v128.load(a + place));
    const along = mul<T>(share, v128.load(b + place));
    for (let row = place; row < all; row += step) {
      const rest = sub<T>(sub<T>(v128.load(d + row), mean), mul<T>(v128.load(n + row), along));
      put<T>(e + row, mul<T>(scale, rest), cols - j);
    }
  }
}
