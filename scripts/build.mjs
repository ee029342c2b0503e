// npm run build: assembly/ -> build/release.wasm -> src/backend/wasm/bytes.ts -> dist/.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, writeEmbedded } from './embed.mjs';
import { GENERATED, hashFiles, hashSources, root } from './sources.mjs';

process.chdir(fileURLToPath(root));
const sources = hashSources();

mkdirSync('build', { recursive: true });
const files = await compile();
for (const [name, contents] of files) writeFileSync(name, contents);
writeEmbedded(files.get('build/release.wasm'));

// tsc writes beside dist, and the result is moved in at once: a program that runs meanwhile never sees half a build.
const fresh = `build/dist-${process.pid}`;
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', fresh],
  { stdio: 'inherit' },
);
if (status !== 0) {
  rmSync(fresh, { recursive: true, force: true });
  process.exit(status ?? 1);
}
copyFileSync('build/release.wasm', `${fresh}/kernels.wasm`);
rmSync('dist', { recursive: true, force: true });
renameSync(fresh, 'dist');
writeFileSync('build/stamp', `${sources} ${hashFiles([GENERATED])}`);
