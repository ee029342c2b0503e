// bitgrad for bench/peers: its package.json ends the package that can import itself by name, so it does so from here.

import type { Engine } from 'bitgrad';

export type { ActivationName, Dtype, Engine, LossName, Network, NetworkOptions } from 'bitgrad';
export { random } from 'bitgrad/ts';

/** The engine of the entry that is fixed to that backend; the other one is not even loaded. */
export async function loadEngine(backend: 'wasm' | 'ts'): Promise<Engine> {
  return (await (backend === 'wasm' ? import('bitgrad/wasm') : import('bitgrad/ts'))).engine;
}
