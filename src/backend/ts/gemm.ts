// Matrix products in TypeScript: a tile of 2 x 4 accumulators, which V8 keeps in registers (5x ml-matrix at 256^3).
// Strides stand for the transpositions: element (i, p) of op(A) is v[a + i * ai + p * ap].
//
// Both dtypes are written out: over one text with a closure that rounds, as in elementwise.ts, f64 takes 3.5 times as long
// and f32 2.9 (256 x 256 x 256 and 64 x 784 x 128, both in use, measured). With the tiles alone written twice and called
// from one text, small products take up to 1.3 times as long (256 x 4 x 16, measured).

const { fround } = Math;

export type Product<View> = (
  v: View,
  m: number,
  n: number,
  k: number,
  a: number,
  ai: number,
  ap: number,
  b: number,
  bp: number,
  bj: number,
  c: number,
  ldc: number,
) => void;

function element(v: Float64Array, k: number, x: number, ap: number, y: number, bp: number): number {
  let sum = 0;
  for (let p = 0; p < k; p++) {
    sum += v[x] * v[y];
    x += ap;
    y += bp;
  }
  return sum;
}

export const product: Product<Float64Array> = (v, m, n, k, a, ai, ap, b, bp, bj, c, ldc) => {
  let i = 0;
  for (; i + 2 <= m; i += 2) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let x = a + i * ai;
      let y = b + j * bj;
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      for (let p = 0; p < k; p++) {
        const x0 = v[x];
        const x1 = v[x + ai];
        const y0 = v[y];
        const y1 = v[y + bj];
        const y2 = v[y + 2 * bj];
        const y3 = v[y + 3 * bj];
        c00 += x0 * y0;
        c01 += x0 * y1;
        c02 += x0 * y2;
        c03 += x0 * y3;
        c10 += x1 * y0;
        c11 += x1 * y1;
        c12 += x1 * y2;
        c13 += x1 * y3;
        x += ap;
        y += bp;
      }
      const to = c + i * ldc + j;
      v[to] = c00;
      v[to + 1] = c01;
      v[to + 2] = c02;
      v[to + 3] = c03;
      v[to + ldc] = c10;
      v[to + ldc + 1] = c11;
      v[to + ldc + 2] = c12;
      v[to + ldc + 3] = c13;
    }
    for (; j < n; j++) {
      v[c + i * ldc + j] = element(v, k, a + i * ai, ap, b + j * bj, bp);
      v[c + (i + 1) * ldc + j] = element(v, k, a + (i + 1) * ai, ap, b + j * bj, bp);
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) v[c + i * ldc + j] = element(v, k, a + i * ai, ap, b + j * bj, bp);
  }
};

function elementF32(v: Float32Array, k: number, x: number, ap: number, y: number, bp: number): number {
  let sum = fround(0);
  for (let p = 0; p < k; p++) {
    sum = fround(sum + fround(v[x] * v[y]));
    x += ap;
    y += bp;
  }
  return sum;
}

export const productF32: Product<Float32Array> = (v, m, n, k, a, ai, ap, b, bp, bj, c, ldc) => {
  let i = 0;
  for (; i + 2 <= m; i += 2) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let x = a + i * ai;
      let y = b + j * bj;
      let c00 = fround(0);
      let c01 = fround(0);
      let c02 = fround(0);
      let c03 = fround(0);
      let c10 = fround(0);
      let c11 = fround(0);
      let c12 = fround(0);
      let c13 = fround(0);
      for (let p = 0; p < k; p++) {
        const x0 = v[x];
        const x1 = v[x + ai];
        const y0 = v[y];
        const y1 = v[y + bj];
        const y2 = v[y + 2 * bj];
        const y3 = v[y + 3 * bj];
        c00 = fround(c00 + fround(x0 * y0));
        c01 = fround(c01 + fround(x0 * y1));
        c02 = fround(c02 + fround(x0 * y2));
        c03 = fround(c03 + fround(x0 * y3));
        c10 = fround(c10 + fround(x1 * y0));
        c11 = fround(c11 + fround(x1 * y1));
        c12 = fround(c12 + fround(x1 * y2));
        c13 = fround(c13 + fround(x1 * y3));
        x += ap;
        y += bp;
      }
      const to = c + i * ldc + j;
      v[to] = c00;
      v[to + 1] = c01;
      v[to + 2] = c02;
      v[to + 3] = c03;
      v[to + ldc] = c10;
      v[to + ldc + 1] = c11;
      v[to + ldc + 2] = c12;
      v[to + ldc + 3] = c13;
    }
    for (; j < n; j++) {
      v[c + i * ldc + j] = elementF32(v, k, a + i * ai, ap, b + j * bj, bp);
      v[c + (i + 1) * ldc + j] = elementF32(v, k, a + (i + 1) * ai, ap, b + j * bj, bp);
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) v[c + i * ldc + j] = elementF32(v, k, a + i * ai, ap, b + j * bj, bp);
  }
};
