// The text in which scripts/embed.mjs keeps the bytes of a module, made so that it is small once it is compressed, as it is
// downloaded: 12.7 KB of the core's kernels as hexadecimal, 11.0 so (measured).
//
// Most bytes of a module are one character, and others are two: what repeats in the bytes repeats in the text, which base64 hides.
// One character, too, are the two bytes that get one of the first locals, and two of 0; two are the two or three of most
// instructions on vectors.
//
// Between two marks stand functions of f32, with f64's instructions in the place of f32's: they then repeat those of f64,
// which they are otherwise the same as.
//
// It is read by a module, assembly/text.ts: in JavaScript, which an engine interprets at first, that took more than half of the time
// to a first result.

import { DECODER } from './bytes/text.js';

/** Of characters below 256, each a byte. */
function read(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The bytes of such a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(read(DECODER)));
  const { memory, decode } = exports as { memory: WebAssembly.Memory; decode(length: number): number };
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  // Not every host has a coder of its own: Jest's jsdom does not.
  bytes.set(globalThis.TextEncoder ? new TextEncoder().encode(text) : read(text), 65536);
  return bytes.slice(0, decode(text.length));
}
