// The machine that this runs on, as reports and bug reports name it.

import { arch, availableParallelism, cpus, platform, release } from 'node:os';

/** Deno and Bun say that they are Node, too. */
function runtimeOf(): string {
  const { bun, deno, node } = process.versions as Record<string, string | undefined>;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}

export const machine = () => ({
  runtime: runtimeOf(),
  platform: `${platform()} ${release()} ${arch()}`,
  cpu: cpus()[0]?.model.trim() || 'unknown',
  cores: availableParallelism(),
});
