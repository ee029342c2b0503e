// Which backend an engine gets, and why.

import { BackendUnavailableError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkName, refuseValue } from '../checks/values.js';
import { variable } from '../host/runtime.js';
import {
  type Embedded,
  FELL_BACK,
  type KernelModule,
  type Modules,
  PACK_NAMES,
  type PackName,
} from '../kernels/pack.js';
import type { Backend } from './backend.js';
import type { WasmOptions } from './wasm/index.js';

/** The backends that an entry bundles. */
export interface Available {
  readonly ts?: (reason: string, shared: boolean) => Backend;
  readonly wasm?: {
    /** The core's module. */
    readonly embedded: Embedded;
    create(options: WasmOptions): Backend;
    createAsync(options: WasmOptions): Promise<Backend>;
  };
}

export interface Request {
  readonly backend: unknown;
  readonly modules: Modules;
  /** Whether other threads are to have the memory too. */
  readonly shared: boolean;
}

interface Selection {
  name: 'wasm' | 'ts';
  reason: string;
  /** Whether TypeScript will do where WebAssembly does not work. */
  fallback: boolean;
}

const CHOICES = ['auto', 'wasm', 'ts'] as const;

/** A compiled module, of any realm, or a copy of its bytes: they are read when the pack is needed. */
function moduleOf(value: unknown): KernelModule | undefined {
  const tag = Object.prototype.toString.call(value);
  if (tag.endsWith('.Module]')) return value as KernelModule;
  if (!ArrayBuffer.isView(value) && !tag.endsWith('ArrayBuffer]')) return undefined;
  const { buffer = value as ArrayBuffer, byteOffset, byteLength } = value as Partial<Uint8Array>;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

/** What was handed in as `module`: one of the core, or an object of them. @throws {ValueError} naming a pack that is unknown */
export function readModules(module: KernelModule | Modules | undefined): Modules {
  const core = moduleOf(module);
  const given = readOptions(core ? { core } : ((module ?? {}) as Modules), PACK_NAMES, '"module"');
  for (const [name, each] of Object.entries(given) as [PackName, unknown][]) {
    if (each == null) delete given[name];
    else given[name] = moduleOf(each) ?? refuseValue(`module.${name}`, 'a compiled module or its bytes', each);
  }
  return given;
}

function choose(available: Available, request: Request): Selection {
  let name = checkName(request.backend ?? 'auto', CHOICES, 'backend');
  let reason = `backend: '${name}' was asked for`;
  if (name === 'auto') {
    const wanted = variable('BITGRAD_BACKEND');
    if (wanted && available.ts && available.wasm) {
      name = checkName(wanted, CHOICES, 'BITGRAD_BACKEND');
      reason = `BITGRAD_BACKEND=${wanted}`;
    }
  }
  if (name === 'auto') {
    if (available.wasm) return { name: 'wasm', reason: 'WebAssembly SIMD works here', fallback: !!available.ts };
    return { name: 'ts', reason: 'this entry holds TypeScript alone', fallback: false };
  }
  if (!available[name]) {
    throw new BackendUnavailableError(`this entry does not hold the ${name} backend: import it from "bitgrad"`);
  }
  return { name, reason, fallback: false };
}

function ready(
  { ts, wasm }: Available,
  { name, reason }: Selection,
  { backend, modules, shared }: Request,
): Backend | undefined {
  if (name === 'wasm') return undefined;
  // The environment may choose what the program knows nothing of.
  if (Object.keys(modules).length && (backend === 'ts' || !wasm)) {
    throw new ValueError('"module" is for the wasm backend, but the backend is "ts"');
  }
  return (ts as NonNullable<typeof ts>)(reason, shared);
}

function fallBack({ ts }: Available, { fallback }: Selection, { modules, shared }: Request, error: unknown): Backend {
  // Who hands a module in means it: falling back would hide that it does not fit.
  if (!fallback || Object.keys(modules).length || !(error instanceof BackendUnavailableError)) throw error;
  return (ts as NonNullable<typeof ts>)(FELL_BACK + error.message, shared);
}

/** @throws {BackendUnavailableError} if a backend was asked for and does not work; the automatic choice falls back */
export function selectBackend(available: Available, request: Request): Backend {
  const chosen = choose(available, request);
  const wasm = available.wasm as NonNullable<Available['wasm']>;
  try {
    return ready(available, chosen, request) ?? wasm.create({ ...wasm, ...chosen, ...request });
  } catch (error) {
    return fallBack(available, chosen, request, error);
  }
}

/** The same, compiling asynchronously. */
export async function selectBackendAsync(available: Available, request: Request): Promise<Backend> {
  const chosen = choose(available, request);
  const wasm = available.wasm as NonNullable<Available['wasm']>;
  try {
    return ready(available, chosen, request) ?? (await wasm.createAsync({ ...wasm, ...chosen, ...request }));
  } catch (error) {
    return fallBack(available, chosen, request, error);
  }
}
