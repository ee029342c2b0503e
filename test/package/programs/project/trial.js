// What a program does with the package, on both backends: forward, gradients, a training; and what tells its bits from those
// of any other.

/** @param {import('bitgrad').TypedArray[]} arrays */
const hashOf = (arrays) => {
  let hash = 0xcbf29ce484222325n; // FNV-1a
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16);
};

/**
 * @param {Pick<typeof import('bitgrad'), 'createEngine' | 'random'>} bitgrad
 * @param {import('bitgrad/train').FitOptions} options
 */
export async function trial({ createEngine, random }, options) {
  const rng = random(7);
  const X = rng.randn(64, 8);
  const y = rng.randn(64, 2);
  /** @type {Record<string, object>} */
  const all = {};
  for (const backend of /** @type {const} */ (['wasm', 'ts'])) {
    const engine = createEngine({ backend });
    const net = engine.network({ inputs: 8, layers: [{ units: 16, activation: 'tanh' }, 2], seed: 3 });
    const { weights, biases } = net.gradients(X, y);
    const before = [net.forward(X), ...weights, ...biases].map((each) => each?.data ?? new Float64Array());
    const { ran } = await net.fit(X, y, { epochs: 5, batchSize: 16, seed: 1, ...options });
    all[backend] = { ran, hash: hashOf([...before, net.parameters]) };
  }
  return all;
}
