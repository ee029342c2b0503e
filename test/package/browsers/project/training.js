// A training, and what tells its bits from those of any other; in a page, in a worker of its own, in Node.

/** FNV-1a. @param {Float64Array | Float32Array} numbers */
export function bitsOf({ buffer, byteOffset, byteLength }) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16);
}

/**
 * @param {Pick<typeof import('bitgrad'), 'network' | 'random'>} bitgrad
 * @param {import('bitgrad/train').FitOptions} options
 */
export async function training({ network, random }, options) {
  const rng = random(7);
  const X = rng.randn(64, 8);
  const y = rng.randn(64, 2);
  const net = network({ inputs: 8, layers: [{ units: 16, activation: 'tanh' }, 2], seed: 3 });
  const { ran } = await net.fit(X, y, { epochs: 5, batchSize: 16, seed: 1, ...options });
  return { ran, hash: bitsOf(net.parameters) };
}
