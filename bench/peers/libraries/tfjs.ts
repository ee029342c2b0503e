// TensorFlow.js on one of its backends, on one thread.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Backends {
  version_core: string;
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  env(): { getAsync(flag: string): Promise<unknown> };
}

/** setup.mjs bundles it as browsers get it: Node's own entry of tfjs-core has no gradients. */
const BUNDLE = new URL('../../../build/peers/tfjs.cjs', import.meta.url);
const WASM = new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);

/** @typeParam Tf the part that is used: it need not be installed to check types */
export async function loadTfjs<Tf>(backend: 'wasm' | 'cpu'): Promise<{ tf: Tf; version: string }> {
  const tf: Tf & Backends = createRequire(import.meta.url)(fileURLToPath(BUNDLE));
  tf.setWasmPaths(fileURLToPath(WASM));
  tf.setThreadsCount(1);
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} did not start`);
  const simd = backend === 'wasm' && (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? ', SIMD, one thread' : '';
  return { tf, version: `${tf.version_core}, ${tf.getBackend()}${simd}` };
}
