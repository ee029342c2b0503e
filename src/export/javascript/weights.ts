// Parameters as text: base64 of their bits, or numbers where that is shorter.

import { literal } from './literals.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bits, without padding. */
function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let digit = 0; digit < 4 && i * 8 + digit * 6 < bytes.length * 8; digit++) {
      part += DIGITS[(bits >> (18 - 6 * digit)) & 63];
    }
    if (part.length < 65536) continue;
    parts.push(part);
    part = '';
  }
  return parts.join('') + part;
}

/** The fewest digits that are rounded to it. */
function shortest(x: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return literal(short);
  }
  return literal(Number(x.toPrecision(9)));
}

/** What spells them: the function of src/portable/numbers.ts that reads the text, and the text. */
export function spell(parameters: Float64Array | Float32Array): { readonly reader: string; readonly text: string } {
  const single = parameters.BYTES_PER_ELEMENT === 4;
  const bytes = new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength);
  const dtype = single ? 'f32' : 'f64';
  const most = Math.ceil((bytes.length * 4) / 3);
  // A sample says whether it is worth a try: mostly every number has all its digits.
  const some = Array.from(parameters.subarray(0, 64));
  const spelt = (numbers: readonly number[]) =>
    numbers.map((x) => (single && Number.isFinite(x) && x !== 0 ? shortest(x) : literal(x)));
  if (spelt(some).join().length < (most * some.length) / parameters.length) {
    const text = `[${spelt(Array.from(parameters)).join()}]`;
    if (text.length < most + 2) return { reader: `${dtype}Of`, text };
  }
  return { reader: dtype, text: `'${base64(bytes)}'` };
}
