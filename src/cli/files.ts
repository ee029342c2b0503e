// Files that are written whole or not at all.

import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where it leads to, and what is there. */
async function target(path: string): Promise<{ path: string; mode?: number; isFile: boolean }> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    return { path: real, mode: found.mode, isFile: found.isFile() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, isFile: true };
    throw error;
  }
}

/**
 * Writes a file beside its place, then moves it there. Pipes and devices are written to as they are; symbolic links stay, and what they lead to
 * is replaced.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const to = await target(path);
  if (!to.isFile) return writeFile(to.path, data);
  const beside = join(dirname(to.path), `.${randomUUID()}.part`);
  try {
    const handle = await open(beside, 'wx', to.mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, to.path);
  } catch (error) {
    await rm(beside, { force: true });
    // The user knows the file by its own name.
    if (error instanceof Error && 'path' in error) error.path = path;
    throw error;
  }
}
