// jax-js on its WebAssembly device, on one thread.

import { packageVersion } from '../packages.js';

interface Device {
  init(device: string): Promise<string[]>;
  defaultDevice(device?: string): string;
}

/** @typeParam Jax the part that is used: it need not be installed to check types */
export async function loadJax<Jax>(): Promise<{ jax: Jax; version: string }> {
  // It asks for this class on the way to Float64Array; runtimes that lack it could make no f64 arrays otherwise.
  (globalThis as { Float16Array?: unknown }).Float16Array ??= class {};
  // Without workers, which Node has under another name, it computes on one thread.
  (globalThis as { Worker?: unknown }).Worker = undefined;
  const name = '@jax-js/jax';
  const jax: Jax & Device = await import(name);
  await jax.init('wasm');
  return { jax, version: `${packageVersion(name)}, jit, ${jax.defaultDevice('wasm')}, no workers` };
}
