// What the build reads, as one hash: how set-up knows whether dist is up to date. Node's own modules only.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

export const root = new URL('..', import.meta.url);

/** The modules: AssemblyScript's entry, asconfig.json's target, and where its bytes are embedded. */
export const MODULES = [
  { entry: 'assembly/index.ts', target: 'release', bytes: 'src/backend/wasm/bytes.ts' },
  { entry: 'assembly/training.ts', target: 'training', bytes: 'src/train/backend/bytes.ts' },
];

/** Written by the build, so they must not count as sources; set-up compares them with the stamp by themselves. */
export const GENERATED = MODULES.map(({ bytes }) => bytes);

const SOURCES = [
  'assembly',
  'src',
  'scripts/build.mjs',
  'scripts/embed.mjs',
  'asconfig.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
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
