// Products whose first factor A has many zeros, without the terms of those. The bits stay: a sum that starts at +0 is never -0,
// so that adding +-0 changes nothing. That B has no NaN and no infinities, of which 0 would make NaN, is seen to first.
//
// A row of A becomes a list of what is not zero, and of where in a panel of B the row of each stands. One element times 8 vectors
// of B takes 8 accumulators, and no other row of A has part in it: rows need not be zero in the same places.

import { BLOCK_B, packB, packRows } from './packing';
import { add, lanes, mul, sub } from './vector';

/** Bytes of a row of a panel of B: 8 vectors. */
const WIDE: usize = 128;
/** Depth of a block: a panel of B is 24 KiB. With 256, L1 is full of it, and it takes up to 10 % longer (measured). */
export const SHALLOW: usize = 192;
/** Rows of a transposed A that are turned at a time: one line of the cache in f32. */
const TURN: usize = 16;
const TURNED: usize = TURN * SHALLOW * 8;
/** Bytes of the lists of elements, and from each element to where its row stands. */
const LISTS: usize = 52 * 1024;
/** Bytes of the moves, and of eight vectors of zeros. */
const MOVES: usize = 16 * 16;
/** Bytes of scratch memory: what is turned, lists, moves, zeros, the last columns of a row. Or a block of A and a tile, for gemm.ts. */
export const SCRATCH: usize = TURNED + 2 * LISTS + MOVES + 2 * WIDE;

/** Multiplications that pay for looking: it takes 1 % of them where there are no zeros. */
const LARGE: usize = 1 << 18;
const SAMPLES: u32 = 64;

/** Whether op(A), m x k elements of so many bytes, seems to have so many zeros that skipping them pays, for n columns of B. */
function hasZeros(size: usize, m: usize, n: usize, k: usize, a: usize, rowStep: usize, depthStep: usize): bool {
  if (m < LARGE / (n * k)) return false;
  const columns = WIDE / size;
  const padded = (n + columns - 1) & -columns;
  // With g times `columns` it breaks even where 0.74 - 0.13 / g of A is not zero (measured): of 64 samples a few less. What lacks to
  // a multiple is computed too.
  const most = (44 * i32(n) - 12 * i32(columns)) / i32(padded);
  let found: i32 = 0;
  for (let s: u32 = 1; s <= SAMPLES; s++) {
    // Multiples of 0xc13f and 0x91e1 of 2^16, without their whole parts: spread over a square most evenly (M. Roberts' R2 sequence).
    const spread: u32 = s * 0xc13f91e1;
    const i = (spread >> 16) * m >> 16;
    const p = (spread & 0xffff) * k >> 16;
    // Of f64 half an element is looked at, which will do.
    found += i32(load<u32>(a + i * rowStep + p * depthStep + size - 4) << 1 != 0);
    if (found > most) return false;
  }
  return true;
}

/** Whether there are neither NaN nor infinities in so many bytes, a multiple of 16. */
function allFinite<T extends number>(from: usize, bytes: usize): bool {
  let any = v128.splat<T>(<T>0);
  for (const end = from + bytes; from < end; from += 128) {
    for (let i: usize = 0; i < 128; i += 16) {
      const x = v128.load(from + i);
      any = v128.or(any, sub<T>(x, x));
    }
  }
  return !v128.any_true(any);
}

/** For each mask of 4 lanes the bytes of those lanes, moved to the front. */
function makeMoves(moves: usize): void {
  for (let mask: u32 = 0; mask < 16; mask++) {
    let to = moves + mask * 16;
    for (let lane: u32 = 0; lane < 4; lane++) {
      store<u32>(to, 0x03020100 + lane * 0x04040404);
      to += (mask >> lane & 1) << 2;
    }
  }
}

/** A row's list at `to`; returns where it ends. Reads up to 15 bytes behind the row. */
function list<T extends number>(k: usize, row: usize, to: usize, moves: usize): usize {
  const zero = v128.splat<T>(<T>0);
  const step = sizeof<T>() == 8 ? i64x2(256, 256) : i32x4(512, 512, 512, 512);
  let places = sizeof<T>() == 8 ? i64x2(0, 128) : i32x4(0, 128, 256, 384);
  const start = to;
  for (const end = row + k * sizeof<T>(); row < end; row += 16) {
    const x = v128.load(row);
    const mask = v128.bitmask<i32>(v128.ne<T>(x, zero));
    const move = v128.load(moves + (mask << 4));
    v128.store(to, v128.swizzle(x, move));
    v128.store(to, v128.swizzle(places, move), LISTS);
    places = v128.add<i32>(places, step);
    to += popcnt(mask) << 2;
  }
  while (to > start && load<u32>(to - sizeof<T>(), LISTS) >= u32(k * WIDE)) to -= sizeof<T>();
  return to;
}

/**
 * 8 vectors of columns of C's rows += the rows' lists, each of which begins with where it ends, times a panel of B.
 *
 * @param zeros what stands for a row of C before it; 0: itself
 * @param bytes of those columns that C has
 * @param part where 8 vectors have their place if it has not all
 */
function multiplyLists<T extends number>(
  rows: usize, list: usize, panel: usize, c: usize, ldc: usize, zeros: usize, bytes: usize, part: usize,
): void {
  for (; rows; rows--) {
    const end = load<usize>(list);
    if (bytes < WIDE) {
      memory.copy(part, c, bytes);
      multiplyLists<T>(1, list, panel, part, 0, zeros, WIDE, 0);
      memory.copy(c, part, bytes);
      list = end;
      c += ldc;
      continue;
    }
    const from = zeros ? zeros : c;
    let s0 = v128.load(from);
    let s1 = v128.load(from, 16);
    let s2 = v128.load(from, 32);
    let s3 = v128.load(from, 48);
    let s4 = v128.load(from, 64);
    let s5 = v128.load(from, 80);
    let s6 = v128.load(from, 96);
    let s7 = v128.load(from, 112);
    for (list += sizeof<T>(); list < end; list += sizeof<T>()) {
      const b = panel + load<u32>(list, LISTS);
      const x = v128.load_splat<T>(list);
      s0 = add<T>(s0, mul<T>(x, v128.load(b)));
      s1 = add<T>(s1, mul<T>(x, v128.load(b, 16)));
      s2 = add<T>(s2, mul<T>(x, v128.load(b, 32)));
      s3 = add<T>(s3, mul<T>(x, v128.load(b, 48)));
      // It never is, but V8 loads no more than four before it knows. It would load all eight, and spill: 1.7 times as long.
      if (!b) break;
      s4 = add<T>(s4, mul<T>(x, v128.load(b, 64)));
      s5 = add<T>(s5, mul<T>(x, v128.load(b, 80)));
      s6 = add<T>(s6, mul<T>(x, v128.load(b, 96)));
      s7 = add<T>(s7, mul<T>(x, v128.load(b, 112)));
    }
    v128.store(c, s0);
    v128.store(c, s1, 16);
    v128.store(c, s2, 32);
    v128.store(c, s3, 48);
    v128.store(c, s4, 64);
    v128.store(c, s5, 80);
    v128.store(c, s6, 96);
    v128.store(c, s7, 112);
    c += ldc;
  }
}

/**
 * C (m x n) = or += op(A) (m x k) times op(B), if A has zeros enough and B is finite, and of k no more than SHALLOW. Returns
 * whether it is done. Steps are in bytes, and so is an element's size.
 */
export function skipZeros<T extends number>(
  transposeA: bool, transposeB: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, more: bool, work: usize,
): bool {
  const size = sizeof<T>();
  if (!hasZeros(size, m, n, k, a, transposeA ? size : lda, transposeA ? lda : size)) return false;
  k = min(SHALLOW, k);
  if (!allFinite<T>(work, packB<T>(transposeB, n, k, b, ldb, work, WIDE / size))) return false;
  const turned = work + BLOCK_B;
  const lists = turned + TURNED;
  const moves = lists + 2 * LISTS;
  const zeros = moves + MOVES;
  // A row may have no zeros, and what is stored with its last ones reaches 15 bytes beyond them.
  const last = lists + LISTS - (1 + k) * size - 16;
  const deep = (k + 3) & ~3;
  makeMoves(moves);
  memory.fill(zeros, 0, WIDE);
  let i: usize = 0;
  while (i < m) {
    const first = i;
    let to = lists;
    for (; i < m && to <= last; i++) {
      let row = a + i * lda;
      if (transposeA) {
        if (i % TURN == 0) packRows<T>(k, min(TURN, m - i), a + i * size, lda, turned, deep);
        row = turned + i % TURN * deep * size;
      }
      const from = to;
      to = list<T>(k, row, to + size, moves);
      store<usize>(from, to);
    }
    let panel = work;
    for (let j: usize = 0; j < n * size; j += WIDE) {
      const bytes = n * size - j;
      const place = c + first * ldc + j;
      multiplyLists<T>(i - first, lists, panel, place, ldc, more ? 0 : zeros, bytes, zeros + WIDE);
      panel += k * WIDE;
    }
  }
  return true;
}
