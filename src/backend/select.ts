// Which backend an engine gets, and why.

import { describe } from '../checks/describe.js';
import { BackendUnavailableError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { variable } from '../host/runtime.js';
import { type Embedded, type KernelModule, PACK_NAMES, type PackName } from '../kernels/pack.js';
import type { Backend } from './backend.js';
import type { WasmOptions } from './wasm/index.js';

/** The backends that an entry bundles. */
export interface Available {
  readonly ts?: (reason: string) => Backend;
  readonly wasm?: {
    /** The core's module. */
    readonly embedded: Embedded;
    create(options: WasmOptions): Backend;
    createAsync(options: WasmOptions): Promise<Backend>;
  };
}

/** A module by the pack that it is of. */
export type Modules = Partial<Record<PackName, KernelModule>>;

export interface Request {
  readonly backend: string | undefined;
  readonly modules: Modules;
}

interface Selection {
  name: 'wasm' | 'ts';
  reason: string;
  /** Whether TypeScript will do where WebAssembly does not work. */
  fallback: boolean;
}

const CHOICES = ['auto', 'wasm', 'ts'];

/** What was handed in as `module`: one of the core, or an object of them. @throws {ValueError} naming a pack that is unknown */
export function readModules(module: KernelModule | Modules | undefined): Modules {
  if (module === undefined) return {};
  // Modules and buffers of any realm have tags of their own.
  if (Object.prototype.toString.call(module) !== '[object Object]') return { core: module as KernelModule };
  return readOptions(module as Modules, PACK_NAMES, '"module"');
}

function checkChoice(name: unknown, where: string): void {
  if (!CHOICES.includes(name as string)) {
    throw new ValueError(`${where} must be one of "auto", "wasm", "ts", got ${describe(name)}`);
  }
}

function choose(available: Available, request: Request): Selection {
  let name = request.backend ?? 'auto';
  checkChoice(name, '"backend"');
  let reason = `backend: '${name}' was asked for`;
  if (name === 'auto') {
    const forced = variable('BITGRAD_BACKEND');
    if (forced && available.ts && available.wasm) {
      checkChoice(forced, 'BITGRAD_BACKEND');
      name = forced;
      reason = `BITGRAD_BACKEND=${forced}`;
    }
  }
  if (name === 'auto') {
    if (available.wasm) return { name: 'wasm', reason: 'WebAssembly SIMD works here', fallback: !!available.ts };
    return { name: 'ts', reason: 'this entry holds TypeScript alone', fallback: false };
  }
  if (!available[name as 'wasm' | 'ts']) {
    throw new BackendUnavailableError(`this entry does not hold the ${name} backend: import it from "bitgrad"`);
  }
  return { name: name as 'wasm' | 'ts', reason, fallback: false };
}

function ready({ ts }: Available, { name, reason }: Selection, { modules }: Request): Backend | undefined {
  if (name === 'wasm') return undefined;
  if (Object.keys(modules).length) throw new ValueError('"module" is for the wasm backend, but the backend is "ts"');
  return (ts as NonNullable<typeof ts>)(reason);
}

function fallBack({ ts }: Available, { fallback }: Selection, { modules }: Request, error: unknown): Backend {
  // Who hands a module in means it: falling back would hide that it does not fit.
  if (!fallback || Object.keys(modules).length || !(error instanceof BackendUnavailableError)) throw error;
  return (ts as NonNullable<typeof ts>)(`fell back to TypeScript: ${error.message}`);
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
