// A pack: a family of kernels that is loaded together, by its table, in each form in which it comes.

import type { Memory } from './memory.js';
import type { Both } from './table.js';

/** Every pack; the core is there from the beginning. */
export const PACK_NAMES = ['core', 'layers', 'training'] as const;

/** A family of kernels that is loaded together: `core` from the beginning, the others when they are asked for. */
export type PackName = (typeof PACK_NAMES)[number];

/** How the reason begins of a pack that runs in TypeScript because it cannot in WebAssembly. */
export const FELL_BACK = 'fell back to TypeScript: ';

/** A module as scripts/embed.mjs writes it. */
export interface Embedded {
  /** The bytes, as backend/wasm/text.ts reads them. */
  readonly text: string;
  /** SHA-256 of the bytes. */
  readonly hash: string;
  /** What made them. */
  readonly compiler: string;
  /** What the module exports under that name, as no other pack's or release's does. */
  readonly build: number;
  /** The bytes' name in this package. */
  readonly file: string;
}

/** An entry may hold one form alone. */
export interface Pack<Lines> {
  readonly name: PackName;
  /** The TypeScript reference, over any memory. */
  readonly reference?: (memory: Memory) => Both<Lines>;
  /** The module, which imports its memory. */
  readonly embedded?: Embedded;
}

/** `WebAssembly.Module` where that type is known: it comes with DOM types, which programs for Node need not have. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** What may be handed in instead of an embedded module: `bitgrad/kernels.wasm`, `layers.wasm` or `training.wasm`, compiled or as bytes. */
export type KernelModule = CompiledModule | ArrayBuffer | ArrayBufferView;

/** A module by the pack that it is of. */
export type Modules = Partial<Record<PackName, KernelModule>>;
