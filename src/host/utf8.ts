// UTF-8: by the host's own coders, which Hermes, QuickJS and Jest's jsdom do not have.

/** A text's bytes; of half a pair of surrogates, those of U+FFFD. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (globalThis.TextEncoder) return new TextEncoder().encode(text);
  const whole = text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
  const bytes = encodeURIComponent(whole).replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(bytes, (each) => each.charCodeAt(0));
}

/** The text of bytes, a byte order mark included. @throws {Error} if they are no UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  if (globalThis.TextDecoder) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  return decodeURIComponent(Array.from(bytes, (each) => `%${each.toString(16).padStart(2, '0')}`).join(''));
}
