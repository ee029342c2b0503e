// Numbers as text, in an exported model.

import type { View } from '../backend/ts/format.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes that base64 spells: QuickJS has no atob. */
function bytesOf(text: string): Uint8Array {
  const length = text.indexOf('=') < 0 ? text.length : text.indexOf('=');
  const bytes = new Uint8Array((length * 3) >> 2);
  const values: Record<string, number> = {};
  for (let i = 0; i < 64; i++) values[DIGITS[i]] = i;
  let bits = 0;
  for (let i = 0, at = 0; i < length; i++) {
    bits = ((bits << 6) | values[text[i]]) & 0xffffff;
    if (i % 4 > 0) bytes[at++] = (bits >> (6 - 2 * (i % 4))) & 255;
  }
  return bytes;
}

/** Little-endian, as hosts are. */
export const f64 = (text: string): View => new Float64Array(bytesOf(text).buffer as ArrayBuffer);
export const f32 = (text: string): View => new Float32Array(bytesOf(text).buffer as ArrayBuffer);
/** Of numbers that are spelt shorter. */
export const f64Of = (numbers: readonly number[]): View => Float64Array.from(numbers);
export const f32Of = (numbers: readonly number[]): View => Float32Array.from(numbers);
