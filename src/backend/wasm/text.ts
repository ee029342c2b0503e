// The text in which scripts/embed.mjs keeps the bytes of a module. A byte is one character if it is from -SHIFT to below
// RADIX - SHIFT (modulo 256), where most bytes of a module are, and others are two: what repeats in the bytes repeats in the text,
// which base64 hides, so that compressed, as it is downloaded, it is 9 % smaller than hexadecimal, and nearly as small as the
// bytes (12.8, 11.6 and 11.5 KB of the kernels).

/** How many bytes have one character; before others stands ' ' or '!'. */
const RADIX = 88;
const SHIFT = 3;
/** The first of the characters in use; some have a meaning in source code. */
const FIRST = 35;
const SKIPPED = "$'\\`";

/** The bytes of such a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(128);
  let digit = 0;
  for (let c = FIRST; digit < RADIX; c++) if (!SKIPPED.includes(String.fromCharCode(c))) digits[c] = digit++;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // An array of bytes takes a number modulo 256.
    bytes[length++] = (c < FIRST ? (c - 31) * RADIX + digits[text.charCodeAt(++i)] : digits[c]) - SHIFT;
  }
  return bytes.slice(0, length);
}
