// Source: A. Appleby, MurmurHash3 (public domain), its 32-bit variant for x86; scikit-learn 1.2.1, sklearn/utils/src/MurmurHash3.cpp.

/** Room for the bytes of texts so long. */
const FIRST = 256;

function mixed(k: number): number {
  const product = Math.imul(k, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function murmur3(bytes: Uint8Array, length: number): number {
  let hash = 0;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    hash ^= mixed(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let i = length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i];
  hash ^= mixed(rest) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A text as UTF-8; half a pair of surrogates as U+FFFD. @returns how many bytes it has */
function encode(text: string, bytes: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[n++] = code;
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) {
      const low = text.charCodeAt(i + 1);
      const pair = code < 0xdc00 && low >= 0xdc00 && low < 0xe000;
      code = pair ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
      if (pair) i++;
    }
    if (code < 0x800) bytes[n++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[n++] = 0xe0 | (code >> 12);
      else {
        bytes[n++] = 0xf0 | (code >> 18);
        bytes[n++] = 0x80 | ((code >> 12) & 63);
      }
      bytes[n++] = 0x80 | ((code >> 6) & 63);
    }
    bytes[n++] = 0x80 | (code & 63);
  }
  return n;
}

/** Hashes texts, as UTF-8 and from seed 0, to signed 32-bit integers. TextEncoder takes twice as long for short ones. */
export function textHash(): (text: string) => number {
  let bytes = new Uint8Array(FIRST);
  return (text) => {
    // A unit of UTF-16 has 3 bytes at most.
    if (3 * text.length > bytes.length) bytes = new Uint8Array(6 * text.length);
    return murmur3(bytes, encode(text, bytes));
  };
}
