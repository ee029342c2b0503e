/** The bytes that hexadecimal text stands for. */
export function hexBytes(text: string): Uint8Array<ArrayBuffer> {
  // Where there is a Buffer: the loop below costs a millisecond before V8 has compiled it.
  const host = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (host.Buffer) return host.Buffer.from(text, 'hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
