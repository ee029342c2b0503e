// The text in which scripts/embed.mjs keeps the bytes of a module, made so that it is small once it is compressed, as it is
// downloaded: 12.7 KB of the core's kernels as hexadecimal, 11.8 so, 11.2 with the second step below (measured).
//
// A byte is one character if it is from -SHIFT to below RADIX - SHIFT (modulo 256), where most bytes of a module are, and others
// are two: what repeats in the bytes repeats in the text, which base64 hides.
//
// Between two marks stand functions of f32, with f64's instructions in the place of f32's: they then repeat those of f64,
// which they are otherwise the same as.

/** How many bytes have one character; before others stands ' ' or '!'. */
const RADIX = 88;
const SHIFT = 3;
/** The first of the characters in use; some have a meaning in source code. */
const FIRST = 35;
const SKIPPED = "$'\\`";
const MARK = 34;

/** Begins an instruction on vectors. */
const SIMD = 0xfd;

/** The bytes of such a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(128);
  let digit = 0;
  for (let c = FIRST; digit < RADIX; c++) if (!SKIPPED.includes(String.fromCharCode(c))) digits[c] = digit++;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let single = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === MARK) {
      single = !single;
      continue;
    }
    // An array of bytes takes a number modulo 256.
    bytes[length] = (c < FIRST ? (c - 31) * RADIX + digits[text.charCodeAt(++i)] : digits[c]) - SHIFT;
    if (single && bytes[length - 1] === SIMD) {
      const byte = bytes[length];
      // f64x2.abs to pmax, and f64x2.eq to ge: 12 and 6 behind f32x4's.
      if (byte > 0xeb && byte < 0xf8) bytes[length] -= 12;
      else if (byte > 0x46 && byte < 0x4d) bytes[length] -= 6;
    }
    length++;
  }
  return bytes.slice(0, length);
}
