// Our own coders, for hosts that have none, against the host's.

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeText, encodeText } from '../../src/host/utf8.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

beforeEach(() => {
  vi.stubGlobal('TextEncoder', undefined);
  vi.stubGlobal('TextDecoder', undefined);
});
afterEach(() => vi.unstubAllGlobals());

const SPECIAL = [
  '',
  '\ufeffa',
  'a%20%',
  '\ud800',
  '\udc00x\ud83d',
  '\u{1f600}',
  '\u0000\u007f\u0080\u07ff\u0800\uffff',
];

test('text to bytes', () => {
  const same = (text: string) => {
    expect(encodeText(text)).toEqual(encoder.encode(text));
  };
  SPECIAL.forEach(same);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), same));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0xd700, max: 0xe000 })), (units) => same(String.fromCharCode(...units))),
  );
});

test('bytes to text, or an error', () => {
  const attempt = (decode: () => string): string => {
    try {
      return decode();
    } catch {
      return 'an error';
    }
  };
  const same = (bytes: Uint8Array) => {
    expect(attempt(() => decodeText(bytes))).toBe(attempt(() => decoder.decode(bytes)));
  };
  for (const text of SPECIAL) same(encoder.encode(text));
  // Too long a form, half a pair, beyond Unicode, cut off.
  for (const bytes of [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80], [0xff]]) {
    same(Uint8Array.from(bytes));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 6 }), same));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => same(encoder.encode(text))));
});
