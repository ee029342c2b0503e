// From a pack's bytes to its kernels over a memory, and what is said where that fails.

import { BackendUnavailableError } from '../../checks/errors.js';
import type { Embedded, KernelModule, PackName } from '../../kernels/pack.js';
import type { Both } from '../../kernels/table.js';
import { bytesOf } from './text.js';

/** One compiled module serves every engine; nothing is compiled before it is used. */
const compiled = new WeakMap<Embedded, WebAssembly.Module>();

const imports = (memory: WebAssembly.Memory) => ({ env: { memory } });

/** A module that was handed in, compiled or not, or the embedded one, at once. */
export function instantiate(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WebAssembly.Memory,
): WebAssembly.Instance {
  let module = given ?? compiled.get(embedded);
  if (!module || ArrayBuffer.isView(module)) {
    module = new WebAssembly.Module((module as BufferSource | undefined) ?? bytesOf(embedded.text));
    if (!given) compiled.set(embedded, module);
  }
  return new WebAssembly.Instance(module as WebAssembly.Module, imports(memory));
}

/** The same without blocking: for browsers that refuse to compile larger modules synchronously on the main thread. */
export async function instantiateAsync(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.Instance> {
  // Loaded here and not at import, because it assigns to Object: where that is frozen (`--frozen-intrinsics`, SES) the host's
  // own instantiate serves. It does for a module that was handed in, too: the loader would not know one of another realm.
  const loader = given ? WebAssembly : await import('@assemblyscript/loader').catch(() => WebAssembly);
  let module = given ?? compiled.get(embedded);
  if (!module) {
    module = await WebAssembly.compile(bytesOf(embedded.text));
    compiled.set(embedded, module);
  }
  const made: { instance: WebAssembly.Instance } | WebAssembly.Instance = await loader.instantiate(
    module as WebAssembly.Module,
    imports(memory),
  );
  return 'instance' in made ? made.instance : made;
}

/** The raw exports: the loader's own wrap each call in a rest-argument function, which costs more than a small kernel. */
export function kernelsIn<Lines>({ exports }: WebAssembly.Instance, { build }: Embedded): Both<Lines> {
  if ((exports.build as WebAssembly.Global | undefined)?.value !== build) throw new Error('it is not of this release');
  const found: Record<string, [string, unknown][]> = { f64: [['bytes', 8]], f32: [['bytes', 4]] };
  for (const name in exports) found[name.slice(-3)]?.push([name.slice(0, -4), exports[name]]);
  // Not one assignment after another: V8 would make a slow dictionary of it.
  return { f64: Object.fromEntries(found.f64), f32: Object.fromEntries(found.f32) } as Both<Lines>;
}

/** Why a pack does not run in WebAssembly, and what may help. */
export function unavailable(cause: unknown, name: PackName, { file }: Embedded, given: unknown): Error {
  const what = given ? `"module.${name}"` : `the ${name} kernels (WebAssembly with SIMD)`;
  const may = name === 'core' ? ', createEngineAsync may do without' : '';
  const message = `${what} cannot be instantiated here: ${cause}; createEngine({ module }) takes bitgrad/${file}${may}`;
  return new BackendUnavailableError(message, { cause });
}
