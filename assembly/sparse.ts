// Products with sparse rows: terms whose factor is zero are left out, which changes no bit of a sum that begins at +0.

import { add, lanes, mul, number, sub } from './vector';

/** Whether a number is not finite. */
// @ts-ignore: decorator
@inline
function isWild<T extends number>(x: T): bool {
  return x - x != <T>0;
}

/** One vector of columns of t. */
// @ts-ignore: decorator
@inline
function countVector<T extends number>(rows: usize, ld: usize, x: usize, t: usize): void {
  const one = number<T>(1);
  const zero = number<T>(0);
  let count = zero;
  for (const end = x + rows * ld; x < end; x += ld) {
    const value = v128.load(x);
    count = add<T>(count, v128.and(v128.ne<T>(sub<T>(value, value), zero), one));
  }
  v128.store(t, count);
}

/** Of 64 bytes: all 0, or NaN somewhere. A number less itself is 0, or NaN, which a sum keeps. Joined by `or`, which nothing waits for long. */
// @ts-ignore: decorator
@inline
function spread<T extends number>(x: usize): v128 {
  const x0 = v128.load(x);
  const x1 = v128.load(x, 16);
  const x2 = v128.load(x, 32);
  const x3 = v128.load(x, 48);
  return add<T>(add<T>(sub<T>(x0, x0), sub<T>(x1, x1)), add<T>(sub<T>(x2, x2), sub<T>(x3, x3)));
}

/** Whether all of n numbers are finite. */
function allFinite<T extends number>(n: usize, x: usize): bool {
  const zero = number<T>(0);
  let wild = zero;
  const end = x + n * sizeof<T>();
  for (; x + 64 <= end; x += 64) wild = v128.or(wild, spread<T>(x));
  if (v128.any_true(v128.ne<T>(wild, zero))) return false;
  for (; x < end; x += sizeof<T>()) if (isWild<T>(load<T>(x))) return false;
  return true;
}

export function nonfinite<T extends number>(rows: usize, cols: usize, x: usize, t: usize): void {
  const size = sizeof<T>();
  const ld = cols * size;
  // Nearly always: 10 times as fast as to count.
  if (allFinite<T>(rows * cols, x)) {
    memory.fill(t, 0, ld);
    return;
  }
  // The last vector lies over the one before it.
  if (cols >= lanes<T>()) {
    const last = cols - lanes<T>();
    for (let j: usize = 0; j < last; j += lanes<T>()) countVector<T>(rows, ld, x + j * size, t + j * size);
    countVector<T>(rows, ld, x + last * size, t + last * size);
    return;
  }
  for (let j: usize = 0; j < cols; j++) {
    let count: T = <T>0;
    for (let i: usize = 0; i < rows; i++) if (isWild<T>(load<T>(x + i * ld + j * size))) count++;
    store<T>(t + j * size, count);
  }
}

/** `count` vectors of a row of z, from the row's entries: their columns from i on, their values from v to below end. */
// @ts-ignore: decorator
@inline
function strip<T extends number>(count: i32, i: usize, v: usize, end: usize, w: usize, ld: usize, b: usize, z: usize): void {
  let s0 = number<T>(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (; v < end; v += sizeof<T>(), i += 4) {
    const x = v128.load_splat<T>(v);
    const row = w + <usize>load<u32>(i) * ld;
    s0 = add<T>(s0, mul<T>(x, v128.load(row)));
    if (count > 1) s1 = add<T>(s1, mul<T>(x, v128.load(row, 16)));
    if (count > 2) {
      s2 = add<T>(s2, mul<T>(x, v128.load(row, 32)));
      s3 = add<T>(s3, mul<T>(x, v128.load(row, 48)));
    }
    if (count > 4) {
      s4 = add<T>(s4, mul<T>(x, v128.load(row, 64)));
      s5 = add<T>(s5, mul<T>(x, v128.load(row, 80)));
      s6 = add<T>(s6, mul<T>(x, v128.load(row, 96)));
      s7 = add<T>(s7, mul<T>(x, v128.load(row, 112)));
    }
  }
  if (b) {
    s0 = add<T>(s0, v128.load(b));
    if (count > 1) s1 = add<T>(s1, v128.load(b, 16));
    if (count > 2) {
      s2 = add<T>(s2, v128.load(b, 32));
      s3 = add<T>(s3, v128.load(b, 48));
    }
    if (count > 4) {
      s4 = add<T>(s4, v128.load(b, 64));
      s5 = add<T>(s5, v128.load(b, 80));
      s6 = add<T>(s6, v128.load(b, 96));
      s7 = add<T>(s7, v128.load(b, 112));
    }
  }
  v128.store(z, s0);
  if (count > 1) v128.store(z, s1, 16);
  if (count > 2) {
    v128.store(z, s2, 32);
    v128.store(z, s3, 48);
  }
  if (count > 4) {
    v128.store(z, s4, 64);
    v128.store(z, s5, 80);
    v128.store(z, s6, 96);
    v128.store(z, s7, 112);
  }
}

/** Sets what is NaN in a row because 0 times a number that is not finite is. */
function mask<T extends number>(units: usize, i: usize, end: usize, w: usize, ld: usize, t: usize, z: usize): void {
  for (let j: usize = 0; j < ld; j += sizeof<T>()) {
    const all = load<T>(t + j);
    if (!(all > <T>0)) continue;
    let count: T = <T>0;
    for (let at = i; at < end; at += 4) if (isWild<T>(load<T>(w + <usize>load<u32>(at) * ld + j))) count++;
    if (count < all) store<T>(z + j, <T>NaN);
  }
}

export function sparse_forward<T extends number>(
  rows: usize, units: usize, p: usize, i: usize, v: usize, w: usize, t: usize, b: usize, z: usize,
): void {
  const ld = units * sizeof<T>();
  const width = lanes<T>();
  let masked = false;
  for (let j: usize = 0; j < ld; j += sizeof<T>()) if (load<T>(t + j) > <T>0) masked = true;
  for (const last = z + rows * ld; z < last; z += ld, p += 4) {
    const first = <usize>load<u32>(p);
    const past = <usize>load<u32>(p, 4);
    const from = i + first * 4;
    const values = v + first * sizeof<T>();
    const end = v + past * sizeof<T>();
    let j: usize = 0;
    for (; j + 8 * width <= units; j += 8 * width) {
      const at = j * sizeof<T>();
      strip<T>(8, from, values, end, w + at, ld, b ? b + at : 0, z + at);
    }
    if (j + 4 * width <= units) {
      const at = j * sizeof<T>();
      strip<T>(4, from, values, end, w + at, ld, b ? b + at : 0, z + at);
      j += 4 * width;
    }
    if (j + 2 * width <= units) {
      const at = j * sizeof<T>();
      strip<T>(2, from, values, end, w + at, ld, b ? b + at : 0, z + at);
      j += 2 * width;
    }
    if (j < units && units >= width) {
      if (j + width < units) {
        const at = j * sizeof<T>();
        strip<T>(1, from, values, end, w + at, ld, b ? b + at : 0, z + at);
      }
      // The last vector lies over the one before it.
      const at = (units - width) * sizeof<T>();
      strip<T>(1, from, values, end, w + at, ld, b ? b + at : 0, z + at);
      j = units;
    }
    for (; j < units; j++) {
      const at = j * sizeof<T>();
      let sum: T = <T>0;
      let index = from;
      for (let value = values; value < end; value += sizeof<T>(), index += 4) {
        sum += load<T>(value) * load<T>(w + <usize>load<u32>(index) * ld + at);
      }
      store<T>(z + at, b ? sum + load<T>(b + at) : sum);
    }
    if (masked) mask<T>(units, from, i + past * 4, w, ld, t, z);
  }
}

/** z += x w, both `ld` bytes long. */
// @ts-ignore: decorator
@inline
function addScaled<T extends number>(ld: usize, x: T, w: usize, z: usize): void {
  const factor = v128.splat<T>(x);
  let j: usize = 0;
  for (; j + 64 <= ld; j += 64) {
    v128.store(z + j, add<T>(v128.load(z + j), mul<T>(factor, v128.load(w + j))));
    v128.store(z + j, add<T>(v128.load(z + j, 16), mul<T>(factor, v128.load(w + j, 16))), 16);
    v128.store(z + j, add<T>(v128.load(z + j, 32), mul<T>(factor, v128.load(w + j, 32))), 32);
    v128.store(z + j, add<T>(v128.load(z + j, 48), mul<T>(factor, v128.load(w + j, 48))), 48);
  }
  for (; j + 16 <= ld; j += 16) v128.store(z + j, add<T>(v128.load(z + j), mul<T>(factor, v128.load(w + j))));
  for (; j < ld; j += sizeof<T>()) store<T>(z + j, load<T>(z + j) + x * load<T>(w + j));
}

/** NaN where 0 times a number of w that is not finite stands. */
function spoil<T extends number>(rows: usize, units: usize, inputs: usize, q: usize, r: usize, w: usize, z: usize): void {
  const ld = units * sizeof<T>();
  for (let k: usize = 0; k < inputs; k++, q += 4) {
    for (let j: usize = 0; j < ld; j += sizeof<T>(), w += sizeof<T>()) {
      if (!isWild<T>(load<T>(w))) continue;
      let at = r + <usize>load<u32>(q) * 4;
      const end = r + <usize>load<u32>(q, 4) * 4;
      for (let i: usize = 0; i < rows; i++) {
        if (at < end && <usize>load<u32>(at) == i) at += 4;
        else store<T>(z + i * ld + j, <T>NaN);
      }
    }
  }
}

export function sparse_forward_columns<T extends number>(
  rows: usize, units: usize, inputs: usize, q: usize, r: usize, u: usize, w: usize, b: usize, z: usize,
): void {
  const size = sizeof<T>();
  const ld = units * size;
  memory.fill(z, 0, rows * ld);
  const zero = number<T>(0);
  let wild = zero;
  let rest: T = <T>0;
  let row = w;
  let index = r + <usize>load<u32>(q) * 4;
  let value = u + <usize>load<u32>(q) * size;
  for (const last = q + inputs * 4; q < last; row += ld) {
    q += 4;
    let j: usize = 0;
    for (; j + 64 <= ld; j += 64) wild = v128.or(wild, spread<T>(row + j));
    for (; j + 16 <= ld; j += 16) wild = v128.or(wild, sub<T>(v128.load(row + j), v128.load(row + j)));
    for (; j < ld; j += size) rest += load<T>(row + j) - load<T>(row + j);
    for (const end = r + <usize>load<u32>(q) * 4; index < end; index += 4, value += size) {
      addScaled<T>(ld, load<T>(value), row, z + <usize>load<u32>(index) * ld);
    }
  }
  if (rest != <T>0 || v128.any_true(v128.ne<T>(wild, zero))) spoil<T>(rows, units, inputs, q - inputs * 4, r, w, z);
  if (!b) return;
  for (let i: usize = 0; i < rows; i++, z += ld) {
    let j: usize = 0;
    for (; j + 16 <= ld; j += 16) v128.store(z + j, add<T>(v128.load(z + j), v128.load(b + j)));
    for (; j < ld; j += size) store<T>(z + j, load<T>(z + j) + load<T>(b + j));
  }
}
