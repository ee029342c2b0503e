// bitgrad for bench/peers: its package.json ends the package that can import itself by name, so it does so from here.

import type { Engine } from 'bitgrad';

export type { ActivationName, Dtype, Engine, LossName, Network, NetworkOptions } from 'bitgrad';
export { random } from 'bitgrad/ts';

/** The engine of the entry that is fixed to that backend; the other one is not even loaded. */
export async function loadEngine(backend: 'wasm' | 'ts'): Promise<Engine> {
  const { engine } = await (backend === 'wasm' ? import('bitgrad/wasm') : import('bitgrad/ts'));
  await threadsOf(engine);
  return engine;
}

const PATIENCE_MS = 10_000;

/** Waits until an engine has the threads that BITGRAD_THREADS says: it starts them with the first call that is worth it. */
async function threadsOf(engine: Engine): Promise<void> {
  const wanted = Number(process.env.BITGRAD_THREADS ?? 1);
  const x = engine.zeros(128, 128);
  for (const start = performance.now(); engine.info().threads < wanted; ) {
    if (performance.now() - start > PATIENCE_MS) {
      throw new Error(`${engine.info().threads} of ${wanted} threads work: ${engine.info().threadsReason}`);
    }
    engine.matmul(x, x);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  x.dispose();
}
