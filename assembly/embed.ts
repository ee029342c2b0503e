// Rows of a table by numbers in a column, and the copying of columns beside them; src/kernels/layers.ts says what counts as one.

import { NEAR } from '../src/kernels/constants';

/** The number as that of a row of m; -1 if it is none. */
// @ts-ignore: decorator
@inline
function rowOf<T extends number>(x: T, m: usize): isize {
  const row = nearest<T>(x);
  return row >= 0 && row < <T>m && abs<T>(x - row) <= <T>NEAR ? <isize>row : -1;
}

export function embed<T extends number>(
  rows: usize, cols: usize, m: usize, n: usize, x: usize, w: usize, y: usize, ldy: usize,
): T {
  let wrong: T = <T>0;
  for (let i: usize = 0; i < rows; i++) {
    const value = load<T>(x);
    const row = rowOf<T>(value, m);
    if (row < 0) {
      if (wrong == 0) wrong = value;
      for (let j: usize = 0; j < n; j++) store<T>(y + j * sizeof<T>(), <T>NaN);
    } else {
      const from = w + <usize>row * n * sizeof<T>();
      for (let j: usize = 0; j < n * sizeof<T>(); j += sizeof<T>()) store<T>(y + j, load<T>(from + j));
    }
    x += cols * sizeof<T>();
    y += ldy * sizeof<T>();
  }
  return wrong;
}

export function embed_backward<T extends number>(
  rows: usize, cols: usize, m: usize, n: usize, x: usize, d: usize, ldd: usize, dw: usize,
): void {
  memory.fill(dw, 0, m * n * sizeof<T>());
  for (let i: usize = 0; i < rows; i++) {
    const row = rowOf<T>(load<T>(x), m);
    if (row >= 0) {
      const to = dw + <usize>row * n * sizeof<T>();
      for (let j: usize = 0; j < n * sizeof<T>(); j += sizeof<T>()) store<T>(to + j, load<T>(to + j) + load<T>(d + j));
    }
    x += cols * sizeof<T>();
    d += ldd * sizeof<T>();
  }
}

export function copy_block<T extends number>(rows: usize, cols: usize, x: usize, ldx: usize, y: usize, ldy: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < cols * sizeof<T>(); j += sizeof<T>()) store<T>(y + j, x ? load<T>(x + j) : <T>0);
    if (x) x += ldx * sizeof<T>();
    y += ldy * sizeof<T>();
  }
}
