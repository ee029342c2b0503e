// What the build reads, as one hash: how set-up knows whether dist is up to date. Node's own modules only.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

export const root = new URL('..', import.meta.url);

/**
 * The packs: where their tables stand and under what name, what their modules export beside kernels, AssemblyScript's entry,
 * which the build writes, asconfig.json's target, where the bytes are embedded, and their name in the package.
 */
export const MODULES = [
  { pack: 'core', constant: 'CORE', own: ['work_bytes'], file: 'kernels.wasm' },
  { pack: 'layers', constant: 'LAYERS', own: [], file: 'layers.wasm' },
  { pack: 'training', constant: 'TRAINING', own: [], file: 'training.wasm' },
].map((module) => ({
  ...module,
  table: `src/kernels/${module.pack}.ts`,
  entry: `assembly/generated/${module.pack}.ts`,
  bytes: `src/backend/wasm/bytes/${module.pack}.ts`,
}));

/** What reads the text in which they are kept. */
export const DECODER = { pack: 'text', entry: 'assembly/text.ts', bytes: 'src/backend/wasm/bytes/text.ts' };

/** What exported models run, as text. */
export const PORTABLE = 'src/export/javascript/pieces.ts';

/** Written by the build, so they must not count as sources; set-up compares them with the stamp by themselves. */
export const GENERATED = [...MODULES.flatMap(({ entry, bytes }) => [entry, bytes]), DECODER.bytes, PORTABLE];

const SOURCES = [
  'assembly',
  'src',
  'examples/data',
  'scripts/build.mjs',
  'scripts/commonjs.mjs',
  'scripts/embed.mjs',
  'scripts/exports.mjs',
  'scripts/portable.mjs',
  'asconfig.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.tool.json',
];

/** Every file under `path` (itself if it is one), relative to the root with forward slashes, in one fixed order. */
export function listFiles(path) {
  let entries;
  try {
    entries = readdirSync(new URL(path, root), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

/** SHA-256 over names and contents. */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(listFiles)) {
    const content = readFileSync(new URL(path, root));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

export function hashSources() {
  return hashFiles(SOURCES.flatMap(listFiles).filter((path) => !GENERATED.includes(path)));
}
