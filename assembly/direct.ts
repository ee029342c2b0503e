// Products of matrices as they lie, in tiles of 4 rows and 2 vectors: for what is too small to pay for packed panels.
//
// Rows and columns that are over are done in a tile that begins before them, so that it does some of C twice, with the same bits,
// and nothing is ever stored in part. Assumes: C overlaps neither A nor B; m >= 4, k > 0, and n no less than a vector's lanes.

import { add, lanes, mul } from './vector';

/** C (m x n) = A B, then + bias (n) unless that address is 0; from one row of A to the next, and along its depth, so many bytes. */
export function direct<T extends number>(
  m: usize, n: usize, k: usize, a: usize, rowStep: usize, depthStep: usize, b: usize, ldb: usize, bias: usize, c: usize, ldc: usize,
): void {
  const size = sizeof<T>();
  const depth = k * ldb;
  const lastRow = a + (m - 4) * rowStep;
  const width = n * size;
  for (let j: usize = 0; j < width; j += 32) {
    if (j + 16 > width) j = width - 16;
    const beside = min(16, width - 16 - j);
    const panel = b + j;
    const last = panel + depth;
    let to = c + j;
    let row = a;
    while (true) {
      let x0 = row;
      let x1 = x0 + rowStep;
      let x2 = x1 + rowStep;
      let x3 = x2 + rowStep;
      let y = panel;
      let c00 = v128.splat<T>(<T>0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      let x: v128, b0: v128, b1: v128;
      // Four steps a turn, each with an exit: V8 up to Node 22 checks the stack at every turn.
      while (true) {
        b0 = v128.load(y); b1 = v128.load(y + beside);
        x = v128.load_splat<T>(x0); c00 = add<T>(c00, mul<T>(x, b0)); c01 = add<T>(c01, mul<T>(x, b1));
        x = v128.load_splat<T>(x1); c10 = add<T>(c10, mul<T>(x, b0)); c11 = add<T>(c11, mul<T>(x, b1));
        x = v128.load_splat<T>(x2); c20 = add<T>(c20, mul<T>(x, b0)); c21 = add<T>(c21, mul<T>(x, b1));
        x = v128.load_splat<T>(x3); c30 = add<T>(c30, mul<T>(x, b0)); c31 = add<T>(c31, mul<T>(x, b1));
        y += ldb; if (y == last) break;
        x0 += depthStep; x1 += depthStep; x2 += depthStep; x3 += depthStep;
        b0 = v128.load(y); b1 = v128.load(y + beside);
        x = v128.load_splat<T>(x0); c00 = add<T>(c00, mul<T>(x, b0)); c01 = add<T>(c01, mul<T>(x, b1));
        x = v128.load_splat<T>(x1); c10 = add<T>(c10, mul<T>(x, b0)); c11 = add<T>(c11, mul<T>(x, b1));
        x = v128.load_splat<T>(x2); c20 = add<T>(c20, mul<T>(x, b0)); c21 = add<T>(c21, mul<T>(x, b1));
        x = v128.load_splat<T>(x3); c30 = add<T>(c30, mul<T>(x, b0)); c31 = add<T>(c31, mul<T>(x, b1));
        y += ldb; if (y == last) break;
        x0 += depthStep; x1 += depthStep; x2 += depthStep; x3 += depthStep;
        b0 = v128.load(y); b1 = v128.load(y + beside);
        x = v128.load_splat<T>(x0); c00 = add<T>(c00, mul<T>(x, b0)); c01 = add<T>(c01, mul<T>(x, b1));
        x = v128.load_splat<T>(x1); c10 = add<T>(c10, mul<T>(x, b0)); c11 = add<T>(c11, mul<T>(x, b1));
        x = v128.load_splat<T>(x2); c20 = add<T>(c20, mul<T>(x, b0)); c21 = add<T>(c21, mul<T>(x, b1));
        x = v128.load_splat<T>(x3); c30 = add<T>(c30, mul<T>(x, b0)); c31 = add<T>(c31, mul<T>(x, b1));
        y += ldb; if (y == last) break;
        x0 += depthStep; x1 += depthStep; x2 += depthStep; x3 += depthStep;
        b0 = v128.load(y); b1 = v128.load(y + beside);
        x = v128.load_splat<T>(x0); c00 = add<T>(c00, mul<T>(x, b0)); c01 = add<T>(c01, mul<T>(x, b1));
        x = v128.load_splat<T>(x1); c10 = add<T>(c10, mul<T>(x, b0)); c11 = add<T>(c11, mul<T>(x, b1));
        x = v128.load_splat<T>(x2); c20 = add<T>(c20, mul<T>(x, b0)); c21 = add<T>(c21, mul<T>(x, b1));
        x = v128.load_splat<T>(x3); c30 = add<T>(c30, mul<T>(x, b0)); c31 = add<T>(c31, mul<T>(x, b1));
        y += ldb; if (y == last) break;
        x0 += depthStep; x1 += depthStep; x2 += depthStep; x3 += depthStep;
      }
      if (bias) {
        b0 = v128.load(bias + j);
        b1 = v128.load(bias + j + beside);
        c00 = add<T>(c00, b0);
        c01 = add<T>(c01, b1);
        c10 = add<T>(c10, b0);
        c11 = add<T>(c11, b1);
        c20 = add<T>(c20, b0);
        c21 = add<T>(c21, b1);
        c30 = add<T>(c30, b0);
        c31 = add<T>(c31, b1);
      }
      v128.store(to, c00);
      v128.store(to + beside, c01);
      let at = to + ldc;
      v128.store(at, c10);
      v128.store(at + beside, c11);
      at += ldc;
      v128.store(at, c20);
      v128.store(at + beside, c21);
      at += ldc;
      v128.store(at, c30);
      v128.store(at + beside, c31);
      if (row == lastRow) break;
      row += 4 * rowStep;
      to += 4 * ldc;
      if (row > lastRow) {
        row = lastRow;
        to = c + j + (m - 4) * ldc;
      }
    }
  }
}
