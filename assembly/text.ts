// Reads the text in which src/backend/wasm/text.ts says that modules are kept, in place: bytes are no more than characters.

/** How many bytes have one character; before others stands ' ' or '!'. */
const RADIX: i32 = 90;
const SHIFT: i32 = 4;
const MARK: i32 = 34;
/** The first of the characters in use; ' and \ are skipped. */
const FIRST: i32 = 35;

/** Begins an instruction on vectors. */
const SIMD: i32 = 0xfd;

/** How many bytes the text is that lies at 0. */
export function decode(length: i32): i32 {
  let to = 0;
  let single = 0;
  for (let from = 0; from < length; from++) {
    let c: i32 = load<u8>(from);
    if (c === MARK) {
      single ^= 1;
      continue;
    }
    let byte = -SHIFT - FIRST;
    if (c < FIRST) {
      byte += (c - 31) * RADIX;
      c = load<u8>(++from);
    }
    byte += c - i32(c > 39) - i32(c > 92);
    store<u8>(to, byte);
    if (single && load<u8>(to - 1) === SIMD) {
      // f64x2.abs to pmax, and f64x2.eq to ge: 12 and 6 behind f32x4's.
      store<u8>(to, byte - 12 * i32(<u32>(byte - 0xec) < 12) - 6 * i32(<u32>(byte - 0x47) < 6));
    }
    to++;
  }
  return to;
}
