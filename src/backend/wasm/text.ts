// The text in which scripts/embed.mjs keeps the bytes of a module. A byte below 86 is one character and others are two: what
// repeats in the bytes repeats in the text, which base64 hides, so that compressed, as it is downloaded, it is 7 % smaller than
// hexadecimal, and nearly as small as the bytes (12.6, 11.7 and 11.3 KB of the kernels).

/** How many bytes a character has; before others stands ' ' or '!'. */
const RADIX = 86;
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
    bytes[length++] = c < FIRST ? (c - 31) * RADIX + digits[text.charCodeAt(++i)] : digits[c];
  }
  return bytes.slice(0, length);
}
