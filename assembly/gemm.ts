// Matrix products: C = op(A) op(B), row-major, leading dimensions in elements.
//
// Each C[i,j] is one accumulator over k ascending (contract rule 2). Above the small sizes the product is blocked the
// way BLIS does it: a block of B (KC x NC) and a block of A (MC x KC) are packed into panels, which also absorbs every
// transposition, and one micro-kernel multiplies a panel of 4 rows by a panel of 2 vectors. The tile of 4 x 2 vectors
// takes 8 accumulators, 2 vectors of B and one splat of A: it fits the 16 registers of x86-64.
//
// Assumes: C overlaps neither A nor B; `work` has WORK_BYTES bytes, aligned to 16.

import { direct } from './direct';
import { BLOCK_B, packB, packColumns, packRows } from './packing';
import { lanes } from './vector';
import { SCRATCH, SHALLOW, skipZeros } from './zeros';

const MR: usize = 4; // rows of a tile
const KC: usize = 256; // depth of a block: a panel of B is 8 KiB and stays in L1
const MC: usize = 64; // rows of a block of A: 128 KiB in f64, stays in L2

/** Bytes of scratch memory that the gemm kernels need: a block of B, a block of A and one tile, or what skips zeros. */
export const WORK_BYTES: usize = BLOCK_B + SCRATCH;

/** Columns of a tile: two vectors. */
// @ts-ignore: decorator
@inline
function tileColumns<T extends number>(): usize {
  return 2 * lanes<T>();
}

// @ts-ignore: decorator
@inline
function madd<T extends number>(sum: v128, x: v128, y: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(x, y));
}

/** The micro-kernel: C (4 rows x 2 vectors) = or += a panel of A times a panel of B, k > 0 deep. */
function tile<T extends number>(k: usize, a: usize, b: usize, c: usize, ldc: usize, more: bool): void {
  let c00 = v128.splat<T>(<T>0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const row1 = c + ldc;
  const row2 = row1 + ldc;
  const row3 = row2 + ldc;
  if (more) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(row1);
    c11 = v128.load(row1, 16);
    c20 = v128.load(row2);
    c21 = v128.load(row2, 16);
    c30 = v128.load(row3);
    c31 = v128.load(row3, 16);
  }
  // Eight steps a turn, each with an exit. V8 up to Node 22 checks the stack at every turn: one step a turn reaches 76 % of
  // the 128-bit limit, eight 89 %. Without the exits it loads for all eight first and spills: 41 % (measured).
  const end = b + k * 32;
  let x: v128, b0: v128, b1: v128;
  while (true) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();

    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a); c00 = madd<T>(c00, x, b0); c01 = madd<T>(c01, x, b1);
    x = v128.load_splat<T>(a, sizeof<T>()); c10 = madd<T>(c10, x, b0); c11 = madd<T>(c11, x, b1);
    x = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = madd<T>(c20, x, b0); c21 = madd<T>(c21, x, b1);
    x = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = madd<T>(c30, x, b0); c31 = madd<T>(c31, x, b1);
    b += 32; if (b == end) break;
    a += 4 * sizeof<T>();
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}

/** Copies a rows x columns corner between C and the scratch tile. */
function copyCorner<T extends number>(rows: usize, columns: usize, from: usize, ldFrom: usize, to: usize, ldTo: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<T>(to + j * sizeof<T>(), load<T>(from + j * sizeof<T>()));
    }
    from += ldFrom;
    to += ldTo;
  }
}

function blocked<T extends number>(
  transposeA: bool, transposeB: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  const NR = tileColumns<T>();
  const size = sizeof<T>();
  const NC: usize = BLOCK_B / (KC * size);
  const packedB = work;
  const packedA = packedB + BLOCK_B;
  const corner = packedA + MC * KC * size;
  for (let jc: usize = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    let kc: usize = 0;
    for (let pc: usize = 0; pc < k; pc += kc) {
      kc = min(KC, k - pc);
      const fromA = a + pc * (transposeA ? lda : size);
      const fromB = transposeB ? b + jc * ldb + pc * size : b + pc * ldb + jc * size;
      if (skipZeros<T>(transposeA, transposeB, m, nc, kc, fromA, lda, fromB, ldb, c + jc * size, ldc, pc > 0, work)) {
        kc = min(SHALLOW, kc);
        continue;
      }
      packB<T>(transposeB, nc, kc, fromB, ldb, packedB, NR);
      for (let ic: usize = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        for (let i: usize = 0; i < mc; i += MR) {
          const rows = min(MR, mc - i);
          const to = packedA + i * kc * size;
          if (transposeA) packColumns<T>(rows, kc, fromA + (ic + i) * size, lda, to, MR);
          else packRows<T>(rows, kc, fromA + (ic + i) * lda, lda, to, MR);
        }
        for (let j: usize = 0; j < nc; j += NR) {
          const columns = min(NR, nc - j);
          const panelB = packedB + j * kc * size;
          for (let i: usize = 0; i < mc; i += MR) {
            const rows = min(MR, mc - i);
            const panelA = packedA + i * kc * size;
            const to = c + (ic + i) * ldc + (jc + j) * size;
            if (rows == MR && columns == NR) {
              tile<T>(kc, panelA, panelB, to, ldc, pc > 0);
            } else {
              if (pc > 0) copyCorner<T>(rows, columns, to, ldc, corner, 32);
              tile<T>(kc, panelA, panelB, corner, 32, pc > 0);
              copyCorner<T>(rows, columns, corner, 32, to, ldc);
            }
          }
        }
      }
    }
  }
}

/** Products of a few rows or columns, unpacked: each row of C in vectors where B's rows can be loaded as they lie, else element by element. */
function unpacked<T extends number>(
  transposeA: bool, transposeB: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize,
): void {
  const size = sizeof<T>();
  const rowStep = transposeA ? size : lda;
  const depthStep = transposeA ? lda : size;
  for (let i: usize = 0; i < m; i++) {
    const row = a + i * rowStep;
    const to = c + i * ldc;
    let j: usize = 0;
    if (!transposeB) {
      for (; j + 4 * lanes<T>() <= n; j += 4 * lanes<T>()) {
        let x = row;
        let y = b + j * size;
        let s0 = v128.splat<T>(<T>0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        for (let p: usize = 0; p < k; p++) {
          const factor = v128.load_splat<T>(x);
          s0 = madd<T>(s0, factor, v128.load(y));
          s1 = madd<T>(s1, factor, v128.load(y, 16));
          s2 = madd<T>(s2, factor, v128.load(y, 32));
          s3 = madd<T>(s3, factor, v128.load(y, 48));
          x += depthStep;
          y += ldb;
        }
        v128.store(to + j * size, s0);
        v128.store(to + j * size, s1, 16);
        v128.store(to + j * size, s2, 32);
        v128.store(to + j * size, s3, 48);
      }
      for (; j + lanes<T>() <= n; j += lanes<T>()) {
        let x = row;
        let y = b + j * size;
        let sum = v128.splat<T>(<T>0);
        for (let p: usize = 0; p < k; p++) {
          sum = madd<T>(sum, v128.load_splat<T>(x), v128.load(y));
          x += depthStep;
          y += ldb;
        }
        v128.store(to + j * size, sum);
      }
    }
    const columnStep = transposeB ? ldb : size;
    const depthStepB = transposeB ? size : ldb;
    for (; j < n; j++) {
      let x = row;
      let y = b + j * columnStep;
      let sum: T = <T>0;
      for (let p: usize = 0; p < k; p++) {
        sum += load<T>(x) * load<T>(y);
        x += depthStep;
        y += depthStepB;
      }
      store<T>(to + j * size, sum);
    }
  }
}

/** Bytes of B, or of C down to DEEPEST, that are few. */
const SMALL_B: usize = 16384;
const SMALL_C: usize = 8192;
const DEEPEST: usize = 1024;
/** Bytes of A, where that is read across its rows and has to stay near. */
const NEAR_A: usize = 512 * 1024;

/**
 * Whether a product does better without panels: 1.2 to 1.4 times at 16 columns, up to 2 at few rows. B transposed is packed
 * nevertheless, which leaves less. Rows of B of more than 1 KiB lie too far apart for the first cache (all measured).
 */
// @ts-ignore: decorator
@inline
export function isSmall<T extends number>(transposeA: bool, transposeB: bool, m: usize, n: usize, k: usize): bool {
  if (m < MR || n < lanes<T>() || k == 0 || (transposeA && m * k * sizeof<T>() > NEAR_A)) return false;
  const row = n * sizeof<T>();
  if (transposeB) return k * row <= SMALL_B / 2;
  return (k * row <= SMALL_B && row <= 1024) || (m * row <= SMALL_C && k <= DEEPEST);
}

// Packing loses where A has fewer rows than a tile (up to 6x), where the depth does not pay for the tile's stores (1.2x at k = 4),
// and on a single column. With B transposed only packing gives vectors, so there it nearly always wins (measured, all three).
function gemm<T extends number>(
  transposeA: bool, transposeB: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  lda *= sizeof<T>();
  ldb *= sizeof<T>();
  ldc *= sizeof<T>();
  if (isSmall<T>(transposeA, transposeB, m, n, k)) {
    if (transposeB) {
      const padded = (n + 3) / 4 * 4;
      packRows<T>(n, k, b, ldb, work, padded);
      b = work;
      ldb = padded * sizeof<T>();
    }
    direct<T>(m, n, k, a, transposeA ? sizeof<T>() : lda, transposeA ? lda : sizeof<T>(), b, ldb, 0, c, ldc);
    return;
  }
  if (k == 0 || n == 1 || m * n < 8 || (!transposeB && (m < MR || k < 8))) {
    unpacked<T>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc);
    return;
  }
  blocked<T>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, work);
}

// @ts-ignore: decorator
@inline
export function gemm_nn<T extends number>(
  m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  gemm<T>(false, false, m, n, k, a, lda, b, ldb, c, ldc, work);
}
// @ts-ignore: decorator
@inline
export function gemm_nt<T extends number>(
  m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  gemm<T>(false, true, m, n, k, a, lda, b, ldb, c, ldc, work);
}
// @ts-ignore: decorator
@inline
export function gemm_tn<T extends number>(
  m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  gemm<T>(true, false, m, n, k, a, lda, b, ldb, c, ldc, work);
}
// @ts-ignore: decorator
@inline
export function gemm_tt<T extends number>(
  m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, work: usize,
): void {
  gemm<T>(true, true, m, n, k, a, lda, b, ldb, c, ldc, work);
}
