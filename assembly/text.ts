// Reads the text in which src/backend/wasm/text.ts says that modules are kept: from the second page of memory to the first.

/** The characters in use, from # to ~ without ' and \, are digits; each space before one, or !, is worth so many. */
const RADIX: i32 = 90;
/** How many digits are bytes by themselves; the others are local.get of the first locals, and the last is two bytes of 0. */
const BYTES: i32 = 76;
/** What is added to a byte, so that most are such a digit. */
const SHIFT: i32 = 4;

/** Before a digit: an instruction on vectors, or, before the last, a mark. */
const PREFIX: i32 = 34;
const LAST: i32 = RADIX - 1;
/** What is added to such an instruction, and between which two are some that are rare. */
const SHIFT_SIMD: i32 = 32;
const LAST_SIMD: i32 = 20;
const NEXT_SIMD: i32 = 0x41;

/** How many bytes the text is. */
export function decode(length: i32): i32 {
  let to = 0;
  let single = 0;
  for (let from = 65536; from < 65536 + length; from++) {
    let c: i32 = load<u8>(from);
    let prefix = 0;
    if (c <= PREFIX) {
      prefix = c;
      c = load<u8>(++from);
    }
    let byte = c - 35 - i32(c > 39) - i32(c > 92);
    if (prefix === PREFIX) {
      if (byte === LAST) {
        single ^= 1;
        continue;
      }
      byte -= SHIFT_SIMD;
      if (byte > LAST_SIMD) byte += NEXT_SIMD - LAST_SIMD - 1;
      // f64x2.abs to pmax, and f64x2.eq to ge: 12 and 6 behind f32x4's.
      if (single) byte -= 12 * i32(<u32>(byte + 20) < 12) + 6 * i32(<u32>(byte - 0x47) < 6);
      store<u8>(to++, 0xfd);
      store<u8>(to++, byte);
      if (byte < 0) store<u8>(to++, 1);
      continue;
    }
    if (prefix) byte += BYTES + (prefix - 32) * RADIX;
    else if (byte === LAST) {
      to += 2;
      continue;
    } else if (byte >= BYTES) {
      store<u8>(to++, 0x20);
      byte -= BYTES - SHIFT;
    }
    store<u8>(to++, byte - SHIFT);
  }
  return to;
}
